#include "parties.h"

#include <string.h>

void mail_parties_init(struct mail_parties *p)
{
	p->list = g_array_new(FALSE, TRUE, sizeof(struct meri_party));
	p->strings = g_string_chunk_new(1024);
	p->left_out = 0;
}

void mail_parties_clear(struct mail_parties *p)
{
	g_array_unref(p->list);
	g_string_chunk_free(p->strings);
}

/* The length of " at ", "(at)", " [at] ", "_at_" and such at `at`; 0 if there is none. */
static size_t spelled_at(const char *at)
{
	static const char *const forms[] = {" at ", " (at) ", "(at)", " [at] ", "[at]",   " <at> ",
					    "_at_", " AT ",   "(a)",  "[a]",    " -at- ", NULL};

	for (int i = 0; forms[i]; i++)
		if (strncmp(at, forms[i], strlen(forms[i])) == 0)
			return strlen(forms[i]);
	return 0;
}

static gboolean is_local(char c)
{
	return g_ascii_isalnum(c) || (c && strchr("._+-=/", c));
}

/* The length of a domain at `at`, written with dots or with " dot ". Fills `out`. */
static size_t spelled_domain(const char *at, GString *out)
{
	const char *start = at;
	gboolean dotted = FALSE;

	for (;;) {
		const char *label = at;

		while (g_ascii_isalnum(*at) || *at == '-' || *at == '_')
			g_string_append_c(out, *at++);
		if (at == label)
			break;
		if (*at == '.' && g_ascii_isalnum(at[1])) {
			at++;
		} else if (g_ascii_strncasecmp(at, " dot ", 5) == 0) {
			at += 5;
		} else if (g_ascii_strncasecmp(at, "(dot)", 5) == 0 || g_ascii_strncasecmp(at, "[dot]", 5) == 0) {
			at += 5;
		} else {
			break;
		}
		dotted = TRUE;
		g_string_append_c(out, '.');
	}
	return dotted ? (size_t)(at - start) : 0;
}

char *mail_parties_repair(const char *value)
{
	g_autoptr(GString) out = NULL;
	const char *done = value;

	if (!value || strchr(value, '@'))
		return NULL;
	for (const char *at = value; *at; at++) {
		size_t n = at > value && is_local(at[-1]) ? spelled_at(at) : 0, used;
		g_autoptr(GString) domain = NULL;

		if (n == 0)
			continue;
		domain = g_string_new(NULL);
		used = spelled_domain(at + n, domain);
		if (used == 0)
			continue;
		if (!out)
			out = g_string_new(NULL);
		g_string_append_len(out, done, at - done);
		g_string_append_printf(out, "@%s", domain->str);
		done = at + n + used;
		at = done - 1;
	}
	if (!out)
		return NULL;
	g_string_append(out, done);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* One line, no quotes around it, no blanks at its ends; NULL for nothing. */
static const char *tidy(struct mail_parties *p, const char *text)
{
	g_autofree char *copy = text ? g_utf8_make_valid(text, -1) : NULL;
	size_t n;

	if (!copy)
		return NULL;
	for (char *at = copy; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 127)
			*at = ' ';
	g_strstrip(copy);
	n = strlen(copy);
	if (n >= 2 && (*copy == '"' || *copy == '\'') && copy[n - 1] == *copy) {
		copy[n - 1] = '\0';
		memmove(copy, copy + 1, n - 1);
		g_strstrip(copy);
	}
	return *copy ? g_string_chunk_insert(p->strings, copy) : NULL;
}

static void add(struct mail_parties *p, const char *role, const char *name, const char *address)
{
	struct meri_party party = {.role = role};
	g_autofree char *repaired = mail_parties_repair(address);

	if (p->list->len >= MAIL_PARTIES_MAX) {
		p->left_out++;
		return;
	}
	party.name = tidy(p, name);
	party.address = tidy(p, repaired ? repaired : address);
	if (party.address && !strchr(party.address, '@')) {
		/* "Joe Doe" alone is parsed as an address: it is a name. */
		if (!party.name && strchr(party.address, ' ')) {
			party.name = party.address;
			party.address = NULL;
		}
	}
	if (party.name && party.address && g_ascii_strcasecmp(party.name, party.address) == 0)
		party.name = NULL;
	if (party.name || party.address)
		g_array_append_val(p->list, party);
}

static void add_list(struct mail_parties *p, const char *role, InternetAddressList *list, int depth)
{
	int n = list ? internet_address_list_length(list) : 0;

	for (int i = 0; i < n; i++) {
		InternetAddress *one = internet_address_list_get_address(list, i);

		if (INTERNET_ADDRESS_IS_GROUP(one)) {
			if (depth < 4)
				add_list(p, role, internet_address_group_get_members(INTERNET_ADDRESS_GROUP(one)),
					 depth + 1);
		} else {
			const char *address = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one));

			add(p, role, internet_address_get_name(one), address);
		}
	}
}

/* Whether `list` names nobody who is not in From already. */
static gboolean says_nothing_new(InternetAddressList *list, InternetAddressList *from)
{
	int n = list ? internet_address_list_length(list) : 0, m = from ? internet_address_list_length(from) : 0;

	if (n > 50 || m > 50)
		return FALSE;
	for (int i = 0; i < n; i++) {
		InternetAddress *one = internet_address_list_get_address(list, i);
		gboolean known = FALSE;

		if (!INTERNET_ADDRESS_IS_MAILBOX(one))
			return FALSE;
		for (int k = 0; k < m && !known; k++) {
			InternetAddress *other = internet_address_list_get_address(from, k);
			const char *a = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one));
			const char *b = INTERNET_ADDRESS_IS_MAILBOX(other)
						? internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(other))
						: NULL;

			known = a && b && g_ascii_strcasecmp(a, b) == 0;
		}
		if (!known)
			return FALSE;
	}
	return TRUE;
}

/* A header in which GMime found nobody, tried again without control characters; in the worst case its text is the name.
 */
static void add_broken(struct mail_parties *p, const char *role, const char *raw, GMimeParserOptions *options)
{
	g_autoptr(GString) clean = g_string_new(NULL);
	g_autofree char *repaired = NULL, *text = NULL;
	InternetAddressList *list;
	guint before = p->list->len;

	for (; *raw; raw++)
		if ((unsigned char)*raw >= ' ' && *raw != 127)
			g_string_append_c(clean, *raw);
	repaired = mail_parties_repair(clean->str);
	list = internet_address_list_parse(options, repaired ? repaired : clean->str);
	add_list(p, role, list, 0);
	g_clear_object(&list);
	text = g_mime_utils_header_decode_text(options, clean->str);
	if (p->list->len == before && text && !strchr(text, ';')) /* "undisclosed-recipients:;" is nobody */
		add(p, role, g_strstrip(text), NULL);
}

void mail_parties_add(struct mail_parties *p, GMimeMessage *message, GMimeParserOptions *options)
{
	static const struct {
		GMimeAddressType type;
		const char *role, *header;
	} rows[] = {{GMIME_ADDRESS_TYPE_FROM, "from", "From"},
		    {GMIME_ADDRESS_TYPE_SENDER, "sender", "Sender"},
		    {GMIME_ADDRESS_TYPE_REPLY_TO, "reply-to", "Reply-To"},
		    {GMIME_ADDRESS_TYPE_TO, "to", "To"},
		    {GMIME_ADDRESS_TYPE_CC, "cc", "Cc"},
		    {GMIME_ADDRESS_TYPE_BCC, "bcc", "Bcc"}};
	InternetAddressList *from = g_mime_message_get_addresses(message, GMIME_ADDRESS_TYPE_FROM);
	GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(message));

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		InternetAddressList *list = g_mime_message_get_addresses(message, rows[i].type);
		GMimeHeader *header = g_mime_header_list_get_header(headers, rows[i].header);
		const char *raw = header ? g_mime_header_get_raw_value(header) : NULL;
		gboolean known = (i == 1 || i == 2) && says_nothing_new(list, from);

		if (!raw)
			continue;
		if (!strchr(raw, '@') || !list || internet_address_list_length(list) == 0)
			add_broken(p, rows[i].role, raw, options);
		else if (!known)
			add_list(p, rows[i].role, list, 0);
	}
}
