package command

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/probe"
)

// demoShop is the production of the demo, inside the process, and a host beside
// it that has nothing to do with it.
type demoShop struct{ shop, control *fake.Production }

// newDemoShop starts a production that is broken in the ways named: see fake.Production.
func newDemoShop(faults []string) (*demoShop, error) {
	s := &demoShop{}
	var err error
	if s.shop, err = fake.NewProduction(); err != nil {
		return nil, err
	}
	if s.control, err = fake.NewProduction(); err != nil {
		return nil, errors.Join(err, s.shop.Close())
	}
	for _, name := range faults {
		if err := s.shop.Break(name); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

func (s *demoShop) Close() error { return errors.Join(s.shop.Close(), s.control.Close()) }

// serveProduction lets the production of the demo answer on this machine, for
// prod-facts to be tried on, until it is interrupted.
func (p *Process) serveProduction(ctx context.Context, address string, faults []string) error {
	if host, _, err := net.SplitHostPort(address); err != nil || host != "127.0.0.1" && host != "localhost" {
		return misuse("It listens on loopback only: try 127.0.0.1:8307, which testdata/prod-facts.yml uses.", "--serve %s: it is an address of this machine with a port", address)
	}
	shop, err := fake.NewProductionAt(address)
	if err != nil {
		return misuse("", "--serve %s: %w", address, err)
	}
	defer shop.Close()
	for _, name := range faults {
		if err := shop.Break(name); err != nil {
			return err
		}
	}
	if err := p.write([]byte("production answers at " + shop.URL + " until it is interrupted\n")); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// world is the network of the demo. Nothing takes any time in it, so that what
// it shows has the same bytes every time.
func (s *demoShop) world(agent string, env func(string) (string, bool)) probe.World {
	network := fake.NewNetwork(map[string]string{"control.example": s.control.Address(), "shop.example": s.shop.Address()})
	w := probe.RealWorld(agent, env)
	w.Now, w.Random = func() time.Time { return demoTime }, func() float64 { return 0 }
	w.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	w.Lookup, w.Dial = network.Lookup, network.Dial
	return w
}
