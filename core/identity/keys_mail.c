#include "identity/keys.h"

#include <libpsl.h>
#include <string.h>

/* Providers whose addresses belong to whoever asks. Their name alone stands for every country's ending. */
static const char *const public_names[] = {"gmail", "googlemail", "hotmail",    "outlook", "live", "msn",
					   "yahoo", "ymail",      "rocketmail", "icloud",  "aol",  "aim",
					   "gmx",   "protonmail", "yandex",     "rambler", NULL};
static const char *const public_domains[] = {"me.com",
					     "mac.com",
					     "mail.com",
					     "email.com",
					     "proton.me",
					     "pm.me",
					     "tutanota.com",
					     "tutanota.de",
					     "tuta.io",
					     "fastmail.com",
					     "fastmail.fm",
					     "zoho.com",
					     "hushmail.com",
					     "mail.ru",
					     "bk.ru",
					     "inbox.ru",
					     "list.ru",
					     "web.de",
					     "t-online.de",
					     "freenet.de",
					     "arcor.de",
					     "posteo.de",
					     "mailbox.org",
					     "orange.fr",
					     "wanadoo.fr",
					     "free.fr",
					     "laposte.net",
					     "sfr.fr",
					     "neuf.fr",
					     "libero.it",
					     "virgilio.it",
					     "alice.it",
					     "tin.it",
					     "tiscali.it",
					     "btinternet.com",
					     "ntlworld.com",
					     "sky.com",
					     "talktalk.net",
					     "virginmedia.com",
					     "comcast.net",
					     "verizon.net",
					     "att.net",
					     "sbcglobal.net",
					     "bellsouth.net",
					     "cox.net",
					     "charter.net",
					     "earthlink.net",
					     "juno.com",
					     "netzero.net",
					     "rogers.com",
					     "shaw.ca",
					     "sympatico.ca",
					     "bigpond.com",
					     "bigpond.net.au",
					     "optusnet.com.au",
					     "iinet.net.au",
					     "xtra.co.nz",
					     "qq.com",
					     "163.com",
					     "126.com",
					     "sina.com",
					     "sohu.com",
					     "foxmail.com",
					     "naver.com",
					     "hanmail.net",
					     "daum.net",
					     "rediffmail.com",
					     "uol.com.br",
					     "bol.com.br",
					     "terra.com.br",
					     "ig.com.br",
					     "seznam.cz",
					     "centrum.cz",
					     "email.cz",
					     "wp.pl",
					     "onet.pl",
					     "o2.pl",
					     "interia.pl",
					     "op.pl",
					     "freemail.hu",
					     "citromail.hu",
					     "abv.bg",
					     "ukr.net",
					     "inbox.lv",
					     "inbox.lt",
					     "mail.ee",
					     "hot.ee",
					     "telia.com",
					     "comhem.se",
					     "bredband.net",
					     "spray.se",
					     "passagen.se",
					     "tele2.se",
					     "online.no",
					     "broadpark.no",
					     "frisurf.no",
					     "mail.dk",
					     "jubii.dk",
					     "ofir.dk",
					     "stofanet.dk",
					     "kolumbus.fi",
					     "elisanet.fi",
					     "saunalahti.fi",
					     "netti.fi",
					     "pp.inet.fi",
					     "inet.fi",
					     "luukku.com",
					     "suomi24.fi",
					     "welho.com",
					     "dnainternet.net",
					     "nic.fi",
					     "phnet.fi",
					     "surffi.fi",
					     "sci.fi",
					     "iki.fi",
					     "dlc.fi",
					     "pp1.inet.fi",
					     "jippii.fi",
					     "mbnet.fi",
					     "anvianet.fi",
					     "kotinet.com",
					     "netikka.fi",
					     "co.inet.fi",
					     "kotiposti.net",
					     "suomi.com",
					     "multi.fi",
					     "mailinator.com",
					     "home.nl",
					     "hetnet.nl",
					     "planet.nl",
					     "xs4all.nl",
					     "ziggo.nl",
					     "chello.nl",
					     "kpnmail.nl",
					     "telenet.be",
					     "skynet.be",
					     "pandora.be",
					     "bluewin.ch",
					     "sunrise.ch",
					     "hispeed.ch",
					     "aon.at",
					     "chello.at",
					     "telefonica.net",
					     "terra.es",
					     "sapo.pt",
					     "walla.com",
					     "walla.co.il",
					     "netvision.net.il",
					     "bezeqint.net",
					     "sourceforge.net",
					     "users.sourceforge.net",
					     "users.noreply.github.com",
					     "duck.com",
					     "relay.firefox.com",
					     "privaterelay.appleid.com",
					     NULL};
static const char *const shared_locals[] = {
	"abuse",         "accounting",  "accounts",   "admin",           "asiakaspalvelu", "bestellung",
	"billing",       "buchhaltung", "contact",    "customerservice", "do-not-reply",   "donotreply",
	"ekonomi",       "faktura",     "fakturor",   "hallinto",        "hello",          "help",
	"helpdesk",      "hostmaster",  "hr",         "huolto",          "info",           "information",
	"invoice",       "invoices",    "it",         "it-tuki",         "jobs",           "kirjaamo",
	"kontakt",       "kundtjanst",  "lasku",      "laskut",          "laskutus",       "mail",
	"mailer-daemon", "marketing",   "marknad",    "marknadsforing",  "markkinointi",   "myynti",
	"myyntipalvelu", "news",        "newsletter", "no-reply",        "noreply",        "office",
	"order",         "orders",      "osto",       "ostot",           "palaute",        "palvelu",
	"posti",         "postmaster",  "purchase",   "rechnung",        "reception",      "root",
	"sales",         "service",     "support",    "talous",          "team",           "tilaukset",
	"tilaus",        "toimisto",    "tuki",       "varaosat",        "vertrieb",       "webmaster",
	"yhteys",        NULL};

static gboolean listed(const char *const *list, const char *word)
{
	return g_strv_contains(list, word);
}

gboolean identity_domain_public(const char *domain)
{
	if (domain == NULL)
		return FALSE;
	if (listed(public_domains, domain))
		return TRUE;
	const char *dot = strchr(domain, '.');
	if (dot == NULL)
		return FALSE;
	g_autofree char *first = g_strndup(domain, (gsize)(dot - domain));
	return listed(public_names, first);
}

gboolean identity_email_shared(const char *email)
{
	const char *at = email != NULL ? strchr(email, '@') : NULL;
	if (at == NULL)
		return FALSE;
	g_autofree char *local = g_strndup(email, (gsize)(at - email));
	return listed(shared_locals, local) || strstr(local, "noreply") != NULL || strstr(local, "no-reply") != NULL ||
	       strstr(local, "mailer-daemon") != NULL || g_str_has_prefix(local, "bounce");
}

/* ---- domains ---- */

static gboolean host_character(guchar c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '.' || c == '_' || c >= 0x80;
}

/* The host inside a URL, an address or itself; lower case, NULL if it has no dot or is an IP address. */
static char *host_of(const char *text)
{
	const char *start = strstr(text, "://");
	start = start != NULL ? start + 3 : text;
	gsize authority = strcspn(start, "/?# \t\r\n,;<>");
	const char *at = memrchr(start, '@', authority);
	if (at != NULL) {
		authority -= (gsize)(at + 1 - start);
		start = at + 1;
	}
	gsize length = 0;
	while (length < authority && host_character((guchar)start[length]))
		length++;
	while (length > 0 && start[length - 1] == '.')
		length--;
	if (length < 4 || length > 253 || (start[length] != '\0' && strchr(":/?#>,; \t\r\n.", start[length]) == NULL))
		return NULL;
	g_autofree char *host = g_utf8_make_valid(start, (gssize)length);
	char *lower = g_utf8_strdown(host, -1);
	gboolean letters = FALSE;
	for (const char *p = strrchr(lower, '.'); p != NULL && *p != '\0'; p++)
		letters |= !g_ascii_isdigit(*p) && *p != '.';
	if (!letters || lower[0] == '.' || strstr(lower, "..") != NULL) {
		g_free(lower);
		return NULL;
	}
	return lower;
}

char *identity_domain(const char *text)
{
	if (text == NULL)
		return NULL;
	while (g_ascii_isspace(*text))
		text++;
	g_autofree char *host = host_of(text);
	const psl_ctx_t *psl = psl_builtin();
	if (host == NULL || psl == NULL)
		return NULL;
	const char *registered = psl_registrable_domain(psl, host);
	return g_strdup(registered);
}

/* ---- addresses ---- */

static gboolean local_character(guchar c)
{
	return g_ascii_isalnum(c) || c >= 0x80 || strchr("!#$%&'*+/=?^_`{|}~.-", c) != NULL;
}

/* "name at host dot org", "name (at) host [dot] org": rewritten with the signs where the words stand between blanks or
 * brackets. */
static char *signs_of_words(const char *text)
{
	static GRegex *at, *dot;
	if (g_once_init_enter(&at)) {
		dot = g_regex_new("\\s*(?:\\[|\\(|\\{)\\s*(?:dot|piste|punkt|\\.)\\s*(?:\\]|\\)|\\})\\s*|(?<=\\w)\\s+"
				  "dot\\s+(?=\\w)",
				  G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL);
		GRegex *made = g_regex_new("\\s*(?:\\[|\\(|\\{|<)\\s*(?:at|ät|@)\\s*(?:\\]|\\)|\\}|>)\\s*|(?<=\\w)\\s+"
					   "at\\s+(?=[\\w-]+(?:\\.|\\s+dot\\s))",
					   G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL);
		g_once_init_leave(&at, made);
	}
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autofree char *half = g_regex_replace_literal(at, valid, -1, 0, "@", 0, NULL);
	return half != NULL ? g_regex_replace_literal(dot, half, -1, 0, ".", 0, NULL) : NULL;
}

/* Where `at` stands between a local part and a host: their ends. FALSE if it does not. */
static gboolean around(const char *text, const char *at, const char **start, const char **end)
{
	const char *first = at, *last = at + 1;
	while (first > text && local_character((guchar)first[-1]))
		first--;
	while (*last != '\0' && host_character((guchar)*last))
		last++;
	while (last > at + 1 && (last[-1] == '.' || last[-1] == '-' || last[-1] == '_'))
		last--;
	while (first < at && (*first == '.' || *first == '\'' || *first == '`'))
		first++;
	*start = first;
	*end = last;
	return first < at && last > at + 1 && memchr(at, '.', (gsize)(last - at)) != NULL && at[-1] != '.';
}

static char *canonical(const char *start, const char *end)
{
	g_autofree char *whole = g_strndup(start, (gsize)(end - start));
	g_autofree char *valid = g_utf8_make_valid(whole, -1);
	g_autofree char *lower = g_utf8_strdown(valid, -1);
	char *sign = strrchr(lower, '@');
	if (sign == NULL)
		return NULL;
	g_autofree char *host = host_of(sign + 1);
	if (host == NULL)
		return NULL;
	*sign = '\0';
	char *plus = strchr(lower, '+');
	if (plus != NULL && plus != lower)
		*plus = '\0';
	gboolean gmail = strcmp(host, "gmail.com") == 0 || strcmp(host, "googlemail.com") == 0;
	GString *out = g_string_sized_new(40);
	for (const char *p = lower; *p != '\0'; p++)
		if (!gmail || *p != '.')
			g_string_append_c(out, *p);
	if (out->len == 0 || out->len > 200)
		return g_string_free(out, TRUE);
	g_string_append_printf(out, "@%s", gmail ? "gmail.com" : host);
	return g_string_free(out, FALSE);
}

char *identity_email(const char *text)
{
	if (text == NULL || strlen(text) > 2000)
		return NULL;
	g_autofree char *rewritten = NULL;
	if (strchr(text, '@') == NULL) {
		if (strcasestr(text, "at") == NULL)
			return NULL;
		rewritten = signs_of_words(text);
		text = rewritten;
		if (text == NULL)
			return NULL;
	}
	if (g_ascii_strncasecmp(text, "mailto:", 7) == 0)
		text += 7;
	const char *bracket = strrchr(text, '<');
	if (bracket != NULL && strchr(bracket, '@') != NULL)
		text = bracket + 1;
	for (const char *at = strchr(text, '@'); at != NULL; at = strchr(at + 1, '@')) {
		const char *start, *end;
		if (around(text, at, &start, &end)) {
			char *email = canonical(start, end);
			if (email != NULL)
				return email;
		}
	}
	return NULL;
}
