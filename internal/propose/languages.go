package propose

import (
	"maps"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
)

// allRoles are the roles of a column map, in the order they are written.
var allRoles = []board.Role{board.WIP, board.Next, board.Done, board.Dropped, board.Other}

// language is the words that boards use in one language, beyond the defaults.
type language struct {
	latin   bool // of a script that others use too
	columns map[board.Role][]string

	dod, none, updated, limit []string
}

// labelKinds are the keys of `words`.
var labelKinds = []struct {
	key string
	of  func(language) []string
	in  func(*board.Words) *[]string
}{
	{"dod", func(l language) []string { return l.dod }, func(w *board.Words) *[]string { return &w.DoD }},
	{"none", func(l language) []string { return l.none }, func(w *board.Words) *[]string { return &w.None }},
	{"updated", func(l language) []string { return l.updated }, func(w *board.Words) *[]string { return &w.Updated }},
	{"limit", func(l language) []string { return l.limit }, func(w *board.Words) *[]string { return &w.Limit }},
}

// list cuts "a | b" into its words.
func list(s string) []string { return strings.Split(s, " | ") }

func columns(wip, next, done, dropped, other string) map[board.Role][]string {
	return map[board.Role][]string{
		board.WIP: list(wip), board.Next: list(next), board.Done: list(done), board.Dropped: list(dropped), board.Other: list(other),
	}
}

// languages are looked through where the default words do not do: each word a
// native board would use for the purpose, none that two roles might claim.
var languages = []language{
	{ // English beyond the defaults
		latin: true,
		columns: columns("Now | Working on | Ongoing | Started", "Upcoming | Queue | Queued | Planned | Pending | Soon", "Shipped | Released | Resolved",
			"Cancelled | Canceled | Rejected | Won't do", "Ideas | Frozen"),
	},
	{ // pictures
		columns: columns("🚧 | 🔨 | 🏗️ | 🔄", "📋 | 🔜 | ⏭️ | 📝", "✅ | ✔️ | 🎉 | 🏁", "🗑️ | ❌", "🧊 | ⛔ | 💡"),
	},
	{ // German
		latin: true,
		columns: columns("In Arbeit | In Bearbeitung", "Als Nächstes | Nächste | Zu tun | Offen | Geplant", "Erledigt | Fertig | Abgeschlossen",
			"Verworfen | Gestrichen", "Später | Wartet | Blockiert | Ideen"),
		dod: list("Fertig, wenn | Akzeptanzkriterien | Abnahmekriterien"), none: list("Keine | Keiner | Nichts | leer"),
		updated: list("Stand | Zuletzt aktualisiert | Aktualisiert"), limit: list("höchstens | maximal"),
	},
	{ // Greek
		columns: columns("Σε εξέλιξη | Τώρα", "Επόμενα | Προς υλοποίηση | Εκκρεμή", "Ολοκληρωμένα | Ολοκληρώθηκαν | Έγιναν",
			"Απορρίφθηκαν | Ακυρώθηκαν", "Αργότερα | Σε αναμονή"),
		dod: list("Κριτήρια αποδοχής | Ορισμός ολοκλήρωσης"), none: list("Κανένα | Καμία | Τίποτα | Κενό"),
		updated: list("Τελευταία ενημέρωση | Ενημερώθηκε"), limit: list("έως | μέχρι | το πολύ | όριο"),
	},
	{ // Japanese
		columns: columns("進行中 | 作業中 | 対応中", "次 | 未着手 | 予定 | やること", "完了 | 済み", "中止 | 取り下げ", "保留 | 後で | バックログ"),
		dod:     list("完了条件 | 受け入れ条件 | 完了の定義"), none: list("なし | 未定"), updated: list("最終更新 | 更新日"), limit: list("最大 | 上限"),
	},
	{ // Chinese
		columns: columns("进行中 | 進行中", "待办 | 待辦 | 下一步", "已完成", "已取消", "搁置 | 以后"),
		dod:     list("完成标准 | 验收标准"), none: list("无 | 暂无"), updated: list("最后更新 | 更新时间"), limit: list("最多 | 上限"),
	},
	{ // Korean
		columns: columns("진행 중", "다음 | 할 일 | 예정", "완료", "취소 | 폐기", "보류 | 나중에"),
		dod:     list("완료 조건 | 완료 기준"), none: list("없음"), updated: list("마지막 업데이트 | 최종 수정"), limit: list("최대"),
	},
	{ // Russian and Ukrainian
		columns: columns("В работе | В процессе | В роботі | У процесі", "Далее | Следующие | Сделать | Далі | Наступні | Зробити",
			"Готово | Сделано | Выполнено | Зроблено | Виконано", "Отменено | Скасовано", "Позже | Пізніше"),
		dod: list("Критерии приёмки | Критерии готовности | Критерії приймання"), none: list("Нет | Пусто | Немає"),
		updated: list("Обновлено | Последнее обновление | Оновлено"), limit: list("максимум | не более | не більше"),
	},
	{ // French
		latin:   true,
		columns: columns("En cours", "À faire | À venir | Ensuite", "Terminé | Terminés | Fait | Faits", "Abandonné | Abandonnés", "Plus tard | Bloqué | En attente"),
		dod:     list("Critères d'acceptation | Terminé quand"), none: list("Aucun | Aucune | Rien | Vide"),
		updated: list("Dernière mise à jour | Mis à jour"), limit: list("au plus | maximum"),
	},
	{ // Spanish and Portuguese
		latin: true,
		columns: columns("En curso | En progreso | Haciendo | Em andamento | Em curso | Em progresso | Fazendo", //nolint:misspell // Portuguese
			"Por hacer | Siguiente | Siguientes | Pendiente | Pendientes | Próximo | Próximos | A fazer | Pendente | Pendentes",
			"Hecho | Hechos | Terminado | Terminados | Completado | Completados | Feito | Feitos | Concluído | Concluídos",
			"Descartado | Descartados", "Más tarde | Mais tarde | Bloqueado | En espera | Em espera"),
		dod: list("Criterios de aceptación | Definición de hecho | Critérios de aceitação | Definição de pronto"), none: list("Ninguno | Ninguna | Nada | Nenhum | Nenhuma"),
		updated: list("Última actualización | Actualizado | Última atualização | Atualizado"), limit: list("máximo | como máximo | no máximo"),
	},
	{ // Italian
		latin:   true,
		columns: columns("In corso", "Da fare | Prossimo | Prossimi", "Fatto | Fatti | Completato | Completati", "Scartato | Scartati", "Più tardi | Bloccato | In attesa"),
		dod:     list("Criteri di accettazione"), none: list("Nessuno | Nessuna | Niente"), updated: list("Ultimo aggiornamento | Aggiornato"), limit: list("massimo | al massimo"),
	},
	{ // Dutch
		latin:   true,
		columns: columns("Bezig | Mee bezig", "Te doen | Volgende", "Klaar | Gedaan | Afgerond", "Vervallen | Geschrapt", "Geblokkeerd | In de wacht"),
		dod:     list("Acceptatiecriteria | Klaar wanneer"), none: list("Geen | Niets"), updated: list("Laatst bijgewerkt | Bijgewerkt"), limit: list("hoogstens | maximaal"),
	},
	{ // Polish
		latin:   true,
		columns: columns("W toku | W trakcie", "Do zrobienia | Następne", "Zrobione | Gotowe | Ukończone", "Porzucone | Odrzucone", "Później | Zablokowane"),
		dod:     list("Kryteria akceptacji"), none: list("Brak"), updated: list("Ostatnia aktualizacja | Zaktualizowano"), limit: list("maksymalnie | najwyżej"),
	},
	{ // Swedish
		latin:   true,
		columns: columns("Pågår | Pågående", "Att göra | Nästa", "Klart | Klara | Färdigt", "Avbrutet", "Senare | Blockerat"),
		dod:     list("Acceptanskriterier | Klart när"), none: list("Inga | Inget"), updated: list("Senast uppdaterad | Uppdaterad"), limit: list("högst"),
	},
	{ // Turkish
		latin:   true,
		columns: columns("Yapılıyor | Devam eden", "Yapılacak | Yapılacaklar | Sıradaki", "Yapıldı | Tamamlandı | Tamamlananlar", "İptal", "Sonra | Beklemede"),
		dod:     list("Kabul kriterleri"), none: list("Yok"), updated: list("Son güncelleme"), limit: list("en fazla"),
	},
}

// everyWord returns words with the column words of every language. Each role's
// own stand first.
func everyWord(words board.Words) board.Words {
	words.Columns = maps.Clone(words.Columns)
	for _, lang := range languages {
		for role, more := range lang.columns {
			words.Columns[role] = slices.Concat(words.Columns[role], more)
		}
	}
	return words
}
