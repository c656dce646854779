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

// splitWords cuts "a | b" into its words.
func splitWords(s string) []string { return strings.Split(s, " | ") }

func columnMap(wip, next, done, dropped, other string) map[board.Role][]string {
	return map[board.Role][]string{
		board.WIP: splitWords(wip), board.Next: splitWords(next), board.Done: splitWords(done), board.Dropped: splitWords(dropped), board.Other: splitWords(other),
	}
}

// languages are looked through where the default words do not do: each word a
// native board would use for the purpose, none that two roles might claim.
var languages = []language{
	{ // English beyond the defaults
		latin: true,
		columns: columnMap("Now | Working on | Ongoing | Started", "Upcoming | Queue | Queued | Planned | Pending | Soon", "Shipped | Released | Resolved",
			"Cancelled | Canceled | Rejected | Won't do", "Ideas | Frozen"),
	},
	{ // pictures
		columns: columnMap("🚧 | 🔨 | 🏗️ | 🔄", "📋 | 🔜 | ⏭️ | 📝", "✅ | ✔️ | 🎉 | 🏁", "🗑️ | ❌", "🧊 | ⛔ | 💡"),
	},
	{ // German
		latin: true,
		columns: columnMap("In Arbeit | In Bearbeitung", "Als Nächstes | Nächste | Zu tun | Offen | Geplant", "Erledigt | Fertig | Abgeschlossen",
			"Verworfen | Gestrichen", "Später | Wartet | Blockiert | Ideen"),
		dod: splitWords("Fertig, wenn | Akzeptanzkriterien | Abnahmekriterien"), none: splitWords("Keine | Keiner | Nichts | leer"),
		updated: splitWords("Stand | Zuletzt aktualisiert | Aktualisiert"), limit: splitWords("höchstens | maximal"),
	},
	{ // Greek
		columns: columnMap("Σε εξέλιξη | Τώρα", "Επόμενα | Προς υλοποίηση | Εκκρεμή", "Ολοκληρωμένα | Ολοκληρώθηκαν | Έγιναν",
			"Απορρίφθηκαν | Ακυρώθηκαν", "Αργότερα | Σε αναμονή"),
		dod: splitWords("Κριτήρια αποδοχής | Ορισμός ολοκλήρωσης"), none: splitWords("Κανένα | Καμία | Τίποτα | Κενό"),
		updated: splitWords("Τελευταία ενημέρωση | Ενημερώθηκε"), limit: splitWords("έως | μέχρι | το πολύ | όριο"),
	},
	{ // Japanese
		columns: columnMap("進行中 | 作業中 | 対応中", "次 | 未着手 | 予定 | やること", "完了 | 済み", "中止 | 取り下げ", "保留 | 後で | バックログ"),
		dod:     splitWords("完了条件 | 受け入れ条件 | 完了の定義"), none: splitWords("なし | 未定"), updated: splitWords("最終更新 | 更新日"), limit: splitWords("最大 | 上限"),
	},
	{ // Chinese
		columns: columnMap("进行中 | 進行中", "待办 | 待辦 | 下一步", "已完成", "已取消", "搁置 | 以后"),
		dod:     splitWords("完成标准 | 验收标准"), none: splitWords("无 | 暂无"), updated: splitWords("最后更新 | 更新时间"), limit: splitWords("最多 | 上限"),
	},
	{ // Korean
		columns: columnMap("진행 중", "다음 | 할 일 | 예정", "완료", "취소 | 폐기", "보류 | 나중에"),
		dod:     splitWords("완료 조건 | 완료 기준"), none: splitWords("없음"), updated: splitWords("마지막 업데이트 | 최종 수정"), limit: splitWords("최대"),
	},
	{ // Russian and Ukrainian
		columns: columnMap("В работе | В процессе | В роботі | У процесі", "Далее | Следующие | Сделать | Далі | Наступні | Зробити",
			"Готово | Сделано | Выполнено | Зроблено | Виконано", "Отменено | Скасовано", "Позже | Пізніше"),
		dod: splitWords("Критерии приёмки | Критерии готовности | Критерії приймання"), none: splitWords("Нет | Пусто | Немає"),
		updated: splitWords("Обновлено | Последнее обновление | Оновлено"), limit: splitWords("максимум | не более | не більше"),
	},
	{ // French
		latin:   true,
		columns: columnMap("En cours", "À faire | À venir | Ensuite", "Terminé | Terminés | Fait | Faits", "Abandonné | Abandonnés", "Plus tard | Bloqué | En attente"),
		dod:     splitWords("Critères d'acceptation | Terminé quand"), none: splitWords("Aucun | Aucune | Rien | Vide"),
		updated: splitWords("Dernière mise à jour | Mis à jour"), limit: splitWords("au plus | maximum"),
	},
	{ // Spanish and Portuguese
		latin: true,
		columns: columnMap("En curso | En progreso | Haciendo | Em andamento | Em curso | Em progresso | Fazendo", //nolint:misspell // Portuguese
			"Por hacer | Siguiente | Siguientes | Pendiente | Pendientes | Próximo | Próximos | A fazer | Pendente | Pendentes",
			"Hecho | Hechos | Terminado | Terminados | Completado | Completados | Feito | Feitos | Concluído | Concluídos",
			"Descartado | Descartados", "Más tarde | Mais tarde | Bloqueado | En espera | Em espera"),
		dod: splitWords("Criterios de aceptación | Definición de hecho | Critérios de aceitação | Definição de pronto"), none: splitWords("Ninguno | Ninguna | Nada | Nenhum | Nenhuma"),
		updated: splitWords("Última actualización | Actualizado | Última atualização | Atualizado"), limit: splitWords("máximo | como máximo | no máximo"),
	},
	{ // Italian
		latin:   true,
		columns: columnMap("In corso", "Da fare | Prossimo | Prossimi", "Fatto | Fatti | Completato | Completati", "Scartato | Scartati", "Più tardi | Bloccato | In attesa"),
		dod:     splitWords("Criteri di accettazione"), none: splitWords("Nessuno | Nessuna | Niente"), updated: splitWords("Ultimo aggiornamento | Aggiornato"), limit: splitWords("massimo | al massimo"),
	},
	{ // Dutch
		latin:   true,
		columns: columnMap("Bezig | Mee bezig", "Te doen | Volgende", "Klaar | Gedaan | Afgerond", "Vervallen | Geschrapt", "Geblokkeerd | In de wacht"),
		dod:     splitWords("Acceptatiecriteria | Klaar wanneer"), none: splitWords("Geen | Niets"), updated: splitWords("Laatst bijgewerkt | Bijgewerkt"), limit: splitWords("hoogstens | maximaal"),
	},
	{ // Polish
		latin:   true,
		columns: columnMap("W toku | W trakcie", "Do zrobienia | Następne", "Zrobione | Gotowe | Ukończone", "Porzucone | Odrzucone", "Później | Zablokowane"),
		dod:     splitWords("Kryteria akceptacji"), none: splitWords("Brak"), updated: splitWords("Ostatnia aktualizacja | Zaktualizowano"), limit: splitWords("maksymalnie | najwyżej"),
	},
	{ // Swedish
		latin:   true,
		columns: columnMap("Pågår | Pågående", "Att göra | Nästa", "Klart | Klara | Färdigt", "Avbrutet", "Senare | Blockerat"),
		dod:     splitWords("Acceptanskriterier | Klart när"), none: splitWords("Inga | Inget"), updated: splitWords("Senast uppdaterad | Uppdaterad"), limit: splitWords("högst"),
	},
	{ // Turkish
		latin:   true,
		columns: columnMap("Yapılıyor | Devam eden", "Yapılacak | Yapılacaklar | Sıradaki", "Yapıldı | Tamamlandı | Tamamlananlar", "İptal", "Sonra | Beklemede"),
		dod:     splitWords("Kabul kriterleri"), none: splitWords("Yok"), updated: splitWords("Son güncelleme"), limit: splitWords("en fazla"),
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
