#include <string.h>

#include "quote.h"

/* All lower case; compared with the case-folded line. */

static const char *const LABELS[][48] = {
	[MAIL_LABEL_FROM] = {"from",      "von",        "de",       "från",   "fra",     "lähettäjä",
			     "da",        "van",        "od",       "от",     "от кого", "отправитель",
			     "від",       "发件人",     "寄件者",   "差出人", "desde",   "afzender",
			     "remitente", "expéditeur", "mittente", "feladó", "kimden",  "kto",
			     "saatja",    "nuo",        "no",       "av",     NULL},
	[MAIL_LABEL_SENT] = {"sent",       "gesendet",      "envoyé",     "envoyé le",  "enviado",
			     "enviado el", "enviada",       "enviada em", "enviada el", "enviado em",
			     "skickat",    "sendt",         "lähetetty",  "inviato",    "verzonden",
			     "wysłano",    "wysłane",       "отправлено", "дата",       "date",
			     "datum",      "data",          "fecha",      "dato",       "päivämäärä",
			     "päiväys",    "pvm",           "发送时间",   "日期",       "送信日時",
			     "надіслано",  "дата отправки", "odesláno",   "elküldve",   "tarih",
			     "saadetud",   "sent at",       NULL},
	[MAIL_LABEL_TO] =
		{"to",    "an",   "à",      "a",    "para",         "till",         "til",  "vastaanottaja", "aan",
		 "do",    "кому", "收件人", "宛先", "destinatario", "destinataire", "komu", "címzett",       "kime",
		 "saaja", "per",  "кому:",  NULL},
	[MAIL_LABEL_CC] = {"cc", "kopie", "kopia", "kopio", "копия", "抄送", "copie à", "cópia", "копія", "dw", "bcc",
			   "kopi", "reply-to", "importance", "tärkeys", "prioritet", NULL},
	[MAIL_LABEL_SUBJECT] = {"subject", "betreff", "objet",     "asunto", "assunto", "ämne", "emne",
				"aihe",    "oggetto", "onderwerp", "temat",  "тема",    "主题", "件名",
				"predmet", "předmět", "tárgy",     "konu",   "teema",   NULL},
};

static const char *const ORIGINALS[] = {"original message",
					"ursprüngliche nachricht",
					"originalnachricht",
					"ursprungligt meddelande",
					"originalmeddelande",
					"alkuperäinen viesti",
					"message d'origine",
					"message d’origine",
					"message original",
					"mensaje original",
					"mensagem original",
					"messaggio originale",
					"oorspronkelijk bericht",
					"original meddelelse",
					"oprindelig meddelelse",
					"opprinnelig melding",
					"wiadomość oryginalna",
					"oryginalna wiadomość",
					"исходное сообщение",
					"пересылаемое сообщение",
					"forwarded message",
					"forwarded by",
					"weitergeleitete nachricht",
					"vidarebefordrat meddelande",
					"välitetty viesti",
					"edelleenlähetetty viesti",
					"alkuperäinen sähköposti",
					"mensaje reenviado",
					"message transféré",
					"messaggio inoltrato",
					"doorgestuurd bericht",
					"videresendt melding",
					"videresendt meddelelse",
					"reply message",
					"original email",
					"originele bericht",
					"原始邮件",
					"原始郵件",
					"begin forwarded message",
					"original appointment",
					"původní zpráva",
					"eredeti üzenet",
					"original-nachricht",
					"mensagem encaminhada",
					"end of original message",
					NULL};

static const char *const WROTE[] = {"wrote",
				    "writes",
				    "kirjoitti",
				    "skrev",
				    "schrieb",
				    "a écrit",
				    "écrit",
				    "écrivait",
				    "escribió",
				    "escreveu",
				    "ha scritto",
				    "scrisse",
				    "napisał",
				    "napisała",
				    "napisał(a)",
				    "schreef",
				    "geschreven",
				    "написал",
				    "написала",
				    "написал(а)",
				    "пишет",
				    "írta",
				    "napsal",
				    "napsala",
				    "yazdı",
				    "kirjutas",
				    "rašė",
				    "rakstīja",
				    "пише",
				    "写道",
				    "さんは書きました",
				    "のメール",
				    "scribebat",
				    "skrifaði",
				    "a scris",
				    "skreiv",
				    "said",
				    "says",
				    "typed",
				    "sent this email",
				    "nous a écrit",
				    "kirjoittaa",
				    "viết",
				    "napísal",
				    NULL};

static const char *const OPENERS[] = {
	"on ",        "am ",      "le ",       "el ",  "il ", "op ",       "em ",     "den ",        "dnia ",
	"pe ",        "ma ",      "ti ",       "ke ",  "to ", "la ",       "su ",     "at ",         "in ",
	"il giorno ", "w dniu ",  "në ",       "dne ", "v ",  "fre",       "mån",     "tis",         "ons",
	"tor",        "lör",      "sön",       "man",  "tir", "lør",       "søn",     "mon",         "tue",
	"wed",        "thu",      "fri",       "sat",  "sun", "maanantai", "tiistai", "keskiviikko", "torstai",
	"perjantai",  "lauantai", "sunnuntai", "2",    "1",   "0",         "3",       "в ",          "вт",
	"ср",         "чт",       "пн",        "пт",   "сб",  "вс",        "у ",      "quoting ",    "zitat von ",
	"a ",         "dia ",     "no dia ",   "jeu",  "ven", "sam",       "dim",     "lun",         "mer",
	"mar",        "4",        "5",         "6",    "7",   "8",         "9",       "在",          "于",
	NULL};

static const char *const SENT_FROM[] = {"sent from my ",
					"sent from mobile",
					"sent from yahoo",
					"sent from outlook",
					"sent from mail for",
					"sent via ",
					"sent with ",
					"get outlook for ",
					"sent using ",
					"sent from a ",
					"sent from the ",
					"sent from iphone",
					"lähetetty iphone",
					"lähetetty ipad",
					"lähetetty matkapuhelim",
					"lähetetty puhelim",
					"lähetetty samsung",
					"lähetetty laitteesta",
					"lähetetty android",
					"hanki outlook",
					"lähetetty outlook",
					"lähetetty windows",
					"skickat från ",
					"skickat med ",
					"hämta outlook",
					"skaffa outlook",
					"von meinem ",
					"gesendet von ",
					"gesendet mit ",
					"diese nachricht wurde von meinem",
					"outlook für ",
					"envoyé de mon ",
					"envoyé depuis ",
					"télécharger outlook",
					"obtenir outlook",
					"enviado desde mi ",
					"enviado desde ",
					"enviado do meu ",
					"enviado de meu ",
					"obtener outlook",
					"inviato da ",
					"scarica outlook",
					"verzonden vanaf ",
					"verstuurd vanaf ",
					"verstuurd van",
					"verzonden met",
					"sendt fra ",
					"sendt med ",
					"skickat via ",
					"wysłano z ",
					"wysłane z ",
					"отправлено с ",
					"отправлено из ",
					"надіслано з ",
					"sent by ",
					"from my iphone",
					"sent from samsung",
					"sent from a phone",
					"sent from mailbox",
					"get [outlook",
					"從我的 iphone 傳送",
					"发自我的",
					NULL};

static const char *const CLOSINGS[] = {"best regards",
				       "kind regards",
				       "warm regards",
				       "regards",
				       "kindest regards",
				       "with best regards",
				       "with kind regards",
				       "warmest regards",
				       "many regards",
				       "sincerely",
				       "yours sincerely",
				       "sincerely yours",
				       "yours truly",
				       "yours faithfully",
				       "best wishes",
				       "yours",
				       "terveisin",
				       "ystävällisin terveisin",
				       "ystävällisesti",
				       "parhain terveisin",
				       "terv",
				       "yst. terv",
				       "yst.terv",
				       "yt",
				       "ystävällisin terveisin / best regards",
				       "kunnioittaen",
				       "lämpimin terveisin",
				       "kiittäen",
				       "kiitoksin",
				       "avuliaasti",
				       "kesäisin terveisin",
				       "syysterveisin",
				       "med vänlig hälsning",
				       "med vänliga hälsningar",
				       "vänliga hälsningar",
				       "vänlig hälsning",
				       "mvh",
				       "hälsningar",
				       "bästa hälsningar",
				       "med vennlig hilsen",
				       "vennlig hilsen",
				       "venlig hilsen",
				       "med venlig hilsen",
				       "hilsen",
				       "mit freundlichen grüßen",
				       "mit freundlichen gruessen",
				       "freundliche grüße",
				       "mit freundlichem gruß",
				       "mfg",
				       "viele grüße",
				       "beste grüße",
				       "liebe grüße",
				       "gruß",
				       "grüße",
				       "lg",
				       "cordialement",
				       "bien cordialement",
				       "bien à vous",
				       "amicalement",
				       "salutations",
				       "saludos",
				       "un saludo",
				       "saludos cordiales",
				       "atentamente",
				       "atenciosamente",
				       "abraços",
				       "cordiali saluti",
				       "distinti saluti",
				       "saluti",
				       "met vriendelijke groet",
				       "met vriendelijke groeten",
				       "groeten",
				       "vriendelijke groet",
				       "pozdrawiam",
				       "z poważaniem",
				       "с уважением",
				       "з повагою",
				       "rgds",
				       "br",
				       "brgds",
				       NULL};

static const char *const SOFT_CLOSINGS[] = {"thanks",
					    "thank you",
					    "many thanks",
					    "thanks in advance",
					    "thanks a lot",
					    "thanks again",
					    "cheers",
					    "best",
					    "all the best",
					    "take care",
					    "kiitos",
					    "kiitos etukäteen",
					    "kiitokset",
					    "kiitos!",
					    "tack",
					    "tack på förhand",
					    "vänligen",
					    "danke",
					    "vielen dank",
					    "merci",
					    "gracias",
					    "obrigado",
					    "obrigada",
					    "grazie",
					    "love",
					    "later",
					    "ciao",
					    "bye",
					    "t",
					    "moi",
					    "hei hei",
					    "terkuin",
					    NULL};

static const char *const FOOTERS[] = {"mailing list",
				      "unsubscribe",
				      "listinfo",
				      "postituslista",
				      "sähköpostilista",
				      "e-postlista",
				      "to post to this",
				      "list archive",
				      "you received this message because",
				      "you are receiving this because",
				      "reply to this email directly",
				      "poistu listalta",
				      "peruuta tilaus",
				      "avsluta prenumeration",
				      "list-",
				      "mailinglist",
				      "mailman",
				      "subscribe to",
				      "to subscribe",
				      NULL};

#define FOLD_MAX 1000

/* The line in lower case, blanks at its ends and the given characters off; at most `max` bytes of it, in `out`. Most
 * mail is ASCII, and every line passes here: so no memory is asked for. */
static const char *folded(const char *line, gsize n, gsize max, const char *strip, char out[FOLD_MAX + 1])
{
	gboolean ascii = TRUE;

	while (n > 0 && ((unsigned char)line[n - 1] <= ' ' || strchr(strip, line[n - 1])))
		n--;
	while (n > 0 && ((unsigned char)*line <= ' ' || strchr(strip, *line)))
		line++, n--;
	if (n > max) {
		n = max;
		while (n > 0 && ((unsigned char)line[n] & 0xc0) == 0x80)
			n--;
	}
	for (gsize i = 0; i < n; i++) {
		ascii = ascii && !(line[i] & 0x80);
		out[i] = g_ascii_tolower(line[i]);
	}
	out[n] = '\0';
	if (!ascii && g_utf8_validate(line, (gssize)n, NULL)) {
		g_autofree char *low = g_utf8_strdown(line, (gssize)n);

		g_strlcpy(out, low, FOLD_MAX + 1);
	}
	return out;
}

static gboolean listed(const char *word, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(word, *list) == 0)
			return TRUE;
	return FALSE;
}

static gboolean begins(const char *line, const char *const *list)
{
	for (; *list; list++)
		if (strncmp(line, *list, strlen(*list)) == 0)
			return TRUE;
	return FALSE;
}

static gboolean holds(const char *line, const char *const *list)
{
	for (; *list; list++)
		if (strstr(line, *list))
			return TRUE;
	return FALSE;
}

enum mail_label mail_words_label(const char *word, gsize n)
{
	char buffer[FOLD_MAX + 1];
	const char *low = n > 0 && n <= 60 ? folded(word, n, 60, "*_[]", buffer) : NULL;

	for (int i = MAIL_LABEL_FROM; low && i <= MAIL_LABEL_SUBJECT; i++)
		if (listed(low, LABELS[i]))
			return (enum mail_label)i;
	return MAIL_LABEL_NONE;
}

gboolean mail_words_original(const char *line, gsize n)
{
	gsize at = 0;
	char buffer[FOLD_MAX + 1];
	const char *low;

	while (at < n && (line[at] == ' ' || line[at] == '*' || line[at] == '\t'))
		at++;
	low = folded(line, n, 120, "-_*=: ", buffer);
	if (at < n && (line[at] == '-' || line[at] == '_' || line[at] == '='))
		return begins(low, ORIGINALS) || g_str_has_prefix(low, "reply ");
	return listed(low, ORIGINALS) && strcmp(low, "forwarded by") != 0;
}

/* Whole words: "wrote" but not "rewrote it". Verbs of scripts without blanks between words need no border. */
gboolean mail_words_wrote(const char *line, gsize n)
{
	char buffer[FOLD_MAX + 1];
	const char *low = folded(line, n, FOLD_MAX, "", buffer);

	for (const char *const *verb = WROTE; *verb; verb++) {
		const char *hit = strstr(low, *verb), *after;

		if (!hit)
			continue;
		after = hit + strlen(*verb);
		if ((unsigned char)**verb >= 0xe3 ||
		    ((hit == low || !g_ascii_isalpha(hit[-1])) && !g_ascii_isalpha(*after)))
			return TRUE;
	}
	return FALSE;
}

gboolean mail_words_opener(const char *line, gsize n)
{
	char buffer[FOLD_MAX + 1];
	const char *low = folded(line, n, 40, "*_", buffer);

	return begins(low, OPENERS);
}

gboolean mail_words_sent_from(const char *line, gsize n)
{
	char buffer[FOLD_MAX + 1];
	const char *low;

	if (n < 8 || n > 120)
		return FALSE;
	low = folded(line, n, 120, "*_-[(<", buffer);
	return begins(low, SENT_FROM);
}

int mail_words_closing(const char *line, gsize n)
{
	char buffer[FOLD_MAX + 1];
	const char *low;

	if (n < 1 || n > 60)
		return 0;
	low = folded(line, n, 60, ",.!:;-*_", buffer);
	return listed(low, CLOSINGS) ? 2 : listed(low, SOFT_CLOSINGS) ? 1 : 0;
}

gboolean mail_words_footer(const char *line, gsize n)
{
	char buffer[FOLD_MAX + 1];
	const char *low = folded(line, n, 300, "", buffer);

	return holds(low, FOOTERS);
}
