package github

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/google/go-github/v66/github"
)

// MaxFile is the largest file read, in bytes.
const MaxFile = 16 << 20

// pageSize is the most that a page of any listing holds.
const pageSize = 100

// maxListedFiles is where GitHub ends the list of a pull request's files
// (https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files).
const maxListedFiles = 3000

func onePage(size int) *github.ListOptions { return &github.ListOptions{PerPage: size} }

// Text returns a file's bytes: what the query brought, else the raw blob, for
// which one request is made (a file over about half a megabyte, or no UTF-8).
func (c *Client) Text(ctx context.Context, f File) ([]byte, error) {
	if f.text != nil {
		return []byte(*f.text), nil
	}
	op := "reading " + f.Path
	if f.Size > MaxFile {
		return nil, &Error{Op: op, Kind: Refused, Message: fmt.Sprintf("it has %d bytes, and more than %d are not read", f.Size, MaxFile)}
	}
	owner, name := ownerAndName(f.repo)
	blob, _, err := c.rest.Git.GetBlob(ctx, owner, name, f.OID)
	if err != nil {
		return nil, asError(op, err)
	}
	text, err := decode(blob)
	if err != nil {
		return nil, &Error{Op: op, Kind: Unavailable, Message: "the blob cannot be decoded: " + err.Error(), cause: err}
	}
	if !hasName(string(text), f.OID) {
		return nil, &Error{Op: op, Kind: Unavailable, Message: "the blob that came is not " + f.OID}
	}
	return text, nil
}

func decode(blob *github.Blob) ([]byte, error) {
	if blob.GetEncoding() == "base64" {
		return base64.StdEncoding.DecodeString(strings.ReplaceAll(blob.GetContent(), "\n", ""))
	}
	return []byte(blob.GetContent()), nil
}

// RenamedTo returns the path that a pull request gives a file it renames,
// empty where it does not rename it. A list that GitHub cuts off without
// naming it is an error of kind Refused: it says nothing either way.
func (c *Client) RenamedTo(ctx context.Context, repo string, pull int, path string) (string, error) {
	const op = "looking whether the board was renamed"
	owner, name := ownerAndName(repo)
	opts := onePage(pageSize)
	for seen := 0; ; {
		files, resp, err := c.rest.PullRequests.ListFiles(ctx, owner, name, pull, opts)
		if err != nil {
			return "", asError(op, err)
		}
		if to := renamed(files, path); to != "" {
			return to, nil
		}
		seen += len(files)
		if seen >= maxListedFiles {
			return "", &Error{Op: op, Kind: Refused, Message: fmt.Sprintf("the pull request changes more than the %d files that GitHub lists", maxListedFiles)}
		}
		if resp.NextPage == 0 {
			return "", nil
		}
		opts.Page = resp.NextPage
	}
}

// RenamedBetween is RenamedTo for a change that is not a pull request's. GitHub
// lists at most 300 files of a comparison, on its first page
// (https://docs.github.com/en/rest/commits/commits#compare-two-commits).
func (c *Client) RenamedBetween(ctx context.Context, repo, base, head, path string) (string, error) {
	const op, most = "looking whether the board was renamed", 300
	owner, name := ownerAndName(repo)
	cmp, _, err := c.rest.Repositories.CompareCommits(ctx, owner, name, base, head, onePage(1))
	if err != nil {
		return "", asError(op, err)
	}
	if to := renamed(cmp.Files, path); to != "" || len(cmp.Files) < most {
		return to, nil
	}
	return "", &Error{Op: op, Kind: Refused, Message: fmt.Sprintf("the change has more than the %d files that GitHub lists", most)}
}

func renamed(files []*github.CommitFile, path string) string {
	for _, f := range files {
		if f.GetStatus() == "renamed" && f.GetPreviousFilename() == path {
			return f.GetFilename()
		}
	}
	return ""
}
