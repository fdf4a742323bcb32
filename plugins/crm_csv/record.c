#include "record.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "seen.h"
#include "value.h"

enum { HINTS = 48, PARTIES = 24, LEFT_OUT = 16, FIELD_MAX = 500, ID_MAX = 900 };

struct making {
	struct arena *arena;
	struct meri_record *record;
	const struct map *map;
	const struct reader_row *row;
	struct record_settings *settings;
	enum object object; /* of this row: in one table people and companies may be mixed */
	struct meri_pair *hints, *fields, *left_out;
	struct meri_party *parties;
	struct buffer text;
};

/* ---- cells ---- */

/* The first cell of this role that has something in it. */
static const char *cell(const struct making *m, enum role role)
{
	for (size_t i = 0; i < m->map->count && i < m->row->count; i++)
		if (m->map->columns[i].role == role && !value_is_empty(m->row->cells[i]))
			return m->row->cells[i];
	return NULL;
}

static const char *trimmed(struct arena *arena, const char *text, size_t length)
{
	while (length && strchr(" \t\r\n", *text)) {
		text++;
		length--;
	}
	while (length && strchr(" \t\r\n", text[length - 1]))
		length--;
	return arena_text(arena, text, length);
}

static const char *id_value(const struct making *m, const char *text)
{
	char id[ID_MAX];

	if (!m->map->salesforce)
		return trimmed(m->arena, text, strlen(text));
	value_salesforce_id(text, id, sizeof id);
	return arena_text(m->arena, id, strlen(id));
}

static void add_pair(struct meri_pair *pairs, size_t *count, size_t most, const char *name, const char *value)
{
	for (size_t i = 0; i < *count; i++)
		if (!strcmp(pairs[i].name, name) && !strcmp(pairs[i].value, value))
			return;
	if (*count < most)
		pairs[(*count)++] = (struct meri_pair){name, value};
}

static void hint(struct making *m, const char *scheme, const char *value)
{
	if (value && *value)
		add_pair(m->hints, &m->record->n_hints, HINTS, scheme, value);
}

static void field(struct making *m, const char *name, const char *value)
{
	if (value && *value && *name)
		m->fields[m->record->n_fields++] = (struct meri_pair){name, value};
}

static void left_out(struct making *m, const char *what, const char *why)
{
	add_pair(m->left_out, &m->record->n_left_out, LEFT_OUT, what, why);
}

static void party(struct making *m, const char *role, const char *name, const char *address, const char *organisation)
{
	if ((name || address) && m->record->n_parties < PARTIES)
		m->parties[m->record->n_parties++] = (struct meri_party){role, name, address, organisation};
}

/* ---- ids ---- */

/* Which columns say what a row without an id is about. What changes over time (stage, status, owner) does not. */
static bool identifies(enum role role)
{
	switch (role) {
	case ROLE_TITLE:
	case ROLE_FIRST:
	case ROLE_LAST:
	case ROLE_ACCOUNT:
	case ROLE_ACCOUNT_NAME:
	case ROLE_EMAIL:
	case ROLE_BUSINESS_ID:
	case ROLE_NUMBER:
	case ROLE_START:
	case ROLE_CREATED:
	case ROLE_RELATED:
		return true;
	default:
		return false;
	}
}

static uint64_t hash_cells(const struct map *map, const struct reader_row *row, bool all)
{
	uint64_t hash = 7;
	bool any = false;

	for (size_t i = 0; i < row->count && i < map->count; i++) {
		if (!all && (!identifies(map->columns[i].role) || !row->lengths[i]))
			continue;
		any = true;
		hash = seen_hash(hash + i, row->cells[i], row->lengths[i]);
	}
	return any ? hash : 0;
}

static const char *shortened(struct arena *arena, const char *id)
{
	size_t length = strlen(id);

	if (length <= ID_MAX)
		return id;
	return arena_format(arena, "%.*s~%016llx", 200, id, (unsigned long long)seen_hash(1, id, length));
}

static const char *make_id(struct arena *arena, enum object object, const struct map *map, const char *file,
			   const char *key)
{
	const char *id = map->guessed ? arena_format(arena, "%s/%s/%s", object_name(object), file, key)
				      : arena_format(arena, "%s/%s", object_name(object), key);
	return shortened(arena, id);
}

/* A row of a table of people and companies may be either. */
static enum object row_object(const struct making *m)
{
	if (m->map->object != ACCOUNT)
		return m->map->object;
	const char *text = cell(m, ROLE_IS_COMPANY);
	return text && value_company(text) == 0 ? PERSON : ACCOUNT;
}

const char *record_id_of(struct arena *arena, const struct map *map, const struct reader_row *row, const char *file)
{
	struct making m = {.arena = arena, .map = map, .row = row};
	const char *id = cell(&m, ROLE_ID);

	return id ? make_id(arena, row_object(&m), map, file, id_value(&m, id)) : NULL;
}

static void identify(struct making *m, struct record *out)
{
	const char *key = cell(m, ROLE_ID);

	out->own_key = key != NULL;
	out->content = hash_cells(m->map, m->row, true);
	if (key) {
		key = id_value(m, key);
	} else {
		uint64_t hash = m->object == OTHER ? out->content : hash_cells(m->map, m->row, false);
		key = arena_format(m->arena, "%016llx", (unsigned long long)(hash ? hash : out->content));
	}
	m->record->id = make_id(m->arena, m->object, m->map, m->settings->file, key);
	out->key = seen_hash(3, m->record->id, strlen(m->record->id));
}

void record_mark(struct record *record, const char *format, unsigned long long mark)
{
	char text[32];

	snprintf(text, sizeof text, !strcmp(format, "x") ? "%016llx" : "%llu", mark);
	record->record.id = shortened(&record->arena, arena_format(&record->arena, "%s~%s", record->record.id, text));
	record->key = seen_hash(3, record->record.id, strlen(record->record.id));
}

/* ---- what a row says ---- */

static const char *person_name(const struct making *m)
{
	const char *title = m->map->object == PERSON || m->object == PERSON ? cell(m, ROLE_TITLE) : NULL;
	const char *first = cell(m, ROLE_FIRST), *last = cell(m, ROLE_LAST);

	if (first && last)
		return arena_format(m->arena, "%s %s", first, last);
	return title ? title : last ? last : first;
}

/* The ids of the accounts that a cell names: HubSpot puts several into one, with semicolons. */
static void account_ids(struct making *m, const char *text)
{
	while (text && *text) {
		size_t length = strcspn(text, ";");
		const char *id = id_value(m, trimmed(m->arena, text, length));
		if (*id && !value_is_empty(id)) {
			hint(m, "crm-id", id);
			if (!m->record->parent && !m->map->guessed)
				m->record->parent = shortened(m->arena, arena_format(m->arena, "account/%s", id));
		}
		text += length + (text[length] == ';');
	}
}

/* "Related to" is an account where the type says so; Salesforce says it in the id. */
static bool related_is_account(const struct making *m, const char *id)
{
	const char *type = cell(m, ROLE_RELATED_TYPE);

	if (m->map->salesforce)
		return id && !strncmp(id, "001", 3);
	return type && (!strncasecmp(type, "account", 7) || !strncasecmp(type, "compan", 6));
}

static const char *organisation(const struct making *m)
{
	const char *name = cell(m, ROLE_ACCOUNT_NAME);

	if (!name && related_is_account(m, cell(m, ROLE_RELATED)))
		name = cell(m, ROLE_RELATED_NAME);
	return name;
}

static void related(struct making *m)
{
	const char *id = cell(m, ROLE_RELATED), *name = organisation(m);

	account_ids(m, cell(m, ROLE_ACCOUNT));
	if (id && related_is_account(m, id))
		account_ids(m, id);
	while (name && *name) {
		size_t length = strcspn(name, ";");
		hint(m, "name", trimmed(m->arena, name, length));
		name += length + (name[length] == ';');
	}
}

/* Each address in the cells of this role; several in one cell stand apart by commas, semicolons or blanks. */
static void emails(struct making *m)
{
	for (size_t i = 0; i < m->map->count && i < m->row->count; i++) {
		const char *text = m->row->cells[i];
		if (m->map->columns[i].role != ROLE_EMAIL)
			continue;
		while (*text) {
			text += strspn(text, " ,;\t\r\n<>");
			size_t length = strcspn(text, " ,;\t\r\n<>");
			const char *one = arena_text(m->arena, text, length);
			if (value_is_email(one))
				hint(m, "e-mail", one);
			text += length;
		}
	}
}

static void phones(struct making *m)
{
	for (size_t i = 0; i < m->map->count && i < m->row->count; i++) {
		const char *text = m->row->cells[i];
		if (m->map->columns[i].role == ROLE_PHONE && strpbrk(text, "0123456789") && !value_is_empty(text))
			hint(m, "phone", text);
	}
}

static const char *first_hint(const struct making *m, const char *scheme)
{
	for (size_t i = 0; i < m->record->n_hints; i++)
		if (!strcmp(m->hints[i].name, scheme))
			return m->hints[i].value;
	return NULL;
}

static void account_hints(struct making *m)
{
	const char *id = cell(m, ROLE_ID), *website = cell(m, ROLE_WEBSITE), *business = cell(m, ROLE_BUSINESS_ID);
	char domain[256];

	if (id && !m->map->own_ids)
		hint(m, "crm-id", id_value(m, id));
	if (business)
		hint(m, "business-id", business);
	if (website && value_domain(website, domain, sizeof domain))
		hint(m, "domain", arena_text(m->arena, domain, strlen(domain)));
	hint(m, "name", m->record->title);
}

static void parties(struct making *m)
{
	const char *owner = cell(m, ROLE_OWNER), *owner_email = cell(m, ROLE_OWNER_EMAIL),
		   *contact = cell(m, ROLE_CONTACT_NAME);
	const char *mail = first_hint(m, "e-mail"), *where = organisation(m);

	if (where) /* of several, the first is the one that they speak for */
		where = trimmed(m->arena, where, strcspn(where, ";"));

	if (m->object == PERSON)
		party(m, "contact", person_name(m), mail, where);
	else if (m->object == ACCOUNT)
		party(m, "contact", contact, contact ? mail : NULL, contact ? m->record->title : NULL);
	else
		party(m,
		      m->object == EVENT    ? "attendee"
		      : m->object == TICKET ? "reporter"
					    : "contact",
		      contact ? contact : person_name(m), mail, where);
	if (owner && !owner_email && value_is_email(owner))
		party(m, "owner", NULL, owner, NULL);
	else
		party(m, "owner", owner, owner_email, NULL);
}

static void title(struct making *m)
{
	const char *text = m->object == PERSON ? person_name(m) : cell(m, ROLE_TITLE);
	const char *number = cell(m, ROLE_NUMBER);

	if (!text)
		text = person_name(m);
	if (!text && m->object == PERSON)
		text = cell(m, ROLE_EMAIL);
	if (!text && m->object != PERSON)
		text = number ? number : organisation(m);
	for (size_t i = 0; !text && i < m->row->count && i < m->map->count; i++) {
		const char *one = m->row->cells[i];
		char amount[80];
		if (!value_is_empty(one) && !value_amount(one, '.', amount, sizeof amount) && m->row->lengths[i] < 200)
			text = one;
	}
	for (size_t i = 0; !text && i < m->row->count && i < m->map->count; i++)
		if (!value_is_empty(m->row->cells[i]) && m->row->lengths[i] < 200)
			text = arena_format(m->arena, "%s %s", m->map->columns[i].header, m->row->cells[i]);
	if (text) {
		size_t length = strcspn(text, "\r\n");
		m->record->title = trimmed(m->arena, text, length < 300 ? length : strlen(text));
	}
}

/* ---- times ---- */

static int64_t time_of(struct making *m, enum role role)
{
	const char *text = cell(m, role);
	int64_t when;
	bool doubtful = false;

	if (!text)
		return 0;
	if (value_time(text, m->settings->dates, &when, &doubtful))
		return when;
	m->settings->doubtful_dates += doubtful;
	return 0;
}

static void times(struct making *m)
{
	int64_t created = time_of(m, ROLE_CREATED), start = time_of(m, ROLE_START), due = time_of(m, ROLE_DUE);
	int64_t close = time_of(m, ROLE_CLOSE);
	bool happens = m->object == EVENT || m->object == NOTE || m->object == OTHER;

	m->record->updated = time_of(m, ROLE_UPDATED);
	m->record->occurred = happens && (start || due) ? (start ? start : due)
			      : created                 ? created
			      : start                   ? start
							: close;
}

/* ---- fields and text ---- */

static void amount_field(struct making *m, const char *text)
{
	char amount[80];

	if (value_amount(text, m->settings->point, amount, sizeof amount)) {
		field(m, "amount", arena_text(m->arena, amount, strlen(amount)));
		return;
	}
	m->settings->doubtful_amounts += strpbrk(text, "0123456789") != NULL;
	field(m, "amount", text);
}

/* How a role's column is called in all sources, whatever its header. NULL: by its header. */
static const char *field_of(enum role role)
{
	switch (role) {
	case ROLE_STAGE:
	case ROLE_STATUS:
	case ROLE_PRIORITY:
	case ROLE_TYPE:
	case ROLE_NUMBER:
	case ROLE_CURRENCY:
		return role_name(role);
	case ROLE_CLOSE:
		return "close-date";
	case ROLE_DUE:
		return "due-date";
	default:
		return NULL;
	}
}

/* Is the cell one that people read? Ids and housekeeping are not. */
static bool readable(enum role role)
{
	return role != ROLE_ID && role != ROLE_ACCOUNT && role != ROLE_RELATED && role != ROLE_RELATED_TYPE &&
	       role != ROLE_DROP && role != ROLE_URL && role != ROLE_CREATED && role != ROLE_UPDATED;
}

static void fields(struct making *m)
{
	for (size_t i = 0; i < m->map->count && i < m->row->count; i++) {
		const struct column *column = &m->map->columns[i];
		const char *text = m->row->cells[i];
		if (value_is_empty(text) || column->role == ROLE_DROP || column->role == ROLE_TEXT)
			continue;
		if (column->role == ROLE_AMOUNT)
			amount_field(m, text);
		else if (field_of(column->role))
			field(m, field_of(column->role), text);
		else if (m->row->lengths[i] <= FIELD_MAX && (column->role != ROLE_TITLE || m->object == OTHER))
			field(m, column->field, text);
	}
}

static bool is_html(const char *text)
{
	text += strspn(text, " \t\r\n");
	return *text == '<' && (strcasestr(text, "</") || strcasestr(text, "<br"));
}

static const char *without_markup(struct making *m, const char *header, const char *text)
{
	const struct meri_host *host = m->settings->host;
	const char *why = NULL, *plain;

	if (!is_html(text))
		return text;
	struct meri_blob blob = {
		.size = sizeof blob, .bytes = text, .length = strlen(text), .media_type = "text/html; charset=utf-8"};
	plain = host->text_of(host, &blob, &why);
	if (plain)
		return arena_text(m->arena, plain, strlen(plain));
	left_out(m, arena_format(m->arena, "markup of column %s", header),
		 why ? arena_text(m->arena, why, strlen(why)) : "not readable");
	return text;
}

static void line(struct making *m, const char *header, const char *text)
{
	bool block = strchr(text, '\n') != NULL;

	buffer_text(&m->text, header);
	buffer_text(&m->text, block ? ":\n" : ": ");
	buffer_text(&m->text, text);
	buffer_text(&m->text, "\n");
}

static void lines(struct making *m)
{
	for (size_t i = 0; i < m->map->count && i < m->row->count; i++) {
		const struct column *column = &m->map->columns[i];
		const char *text = m->row->cells[i];
		bool named = column->role == ROLE_TITLE || column->role == ROLE_FIRST || column->role == ROLE_LAST;
		if (value_is_empty(text) ||
		    (m->object != OTHER && (!readable(column->role) || named || column->role == ROLE_TEXT)))
			continue;
		if (value_is_binary(text, m->row->lengths[i])) {
			left_out(m, arena_format(m->arena, "column %s", column->header), "packed bytes, not text");
			continue;
		}
		line(m, column->header, m->object == OTHER ? without_markup(m, column->header, text) : text);
	}
}

static void paragraphs(struct making *m)
{
	for (size_t i = 0; i < m->map->count && i < m->row->count; i++) {
		const struct column *column = &m->map->columns[i];
		if (column->role != ROLE_TEXT || value_is_empty(m->row->cells[i]) || m->object == OTHER)
			continue;
		if (m->text.length)
			buffer_text(&m->text, "\n");
		buffer_text(&m->text, without_markup(m, column->header, m->row->cells[i]));
		buffer_text(&m->text, "\n");
	}
}

static void body(struct making *m)
{
	lines(m);
	paragraphs(m);
	m->record->text = m->text.bytes ? arena_text(m->arena, m->text.bytes, m->text.length) : "";
	if (m->text.broken)
		m->arena->broken = true;
	buffer_free(&m->text);
}

/* ---- the whole ---- */

static void url(struct making *m)
{
	const char *template = m->settings->url_template, *id = cell(m, ROLE_ID);
	struct buffer out = {0};

	m->record->url = cell(m, ROLE_URL);
	if (!template || !id)
		return;
	id = id_value(m, id);
	for (const char *p = template; *p;) {
		if (!strncmp(p, "{id}", 4) || !strncmp(p, "{kind}", 6)) {
			buffer_text(&out, p[1] == 'i' ? id : object_name(m->object));
			p += p[1] == 'i' ? 4 : 6;
		} else {
			buffer_add(&out, p++, 1);
		}
	}
	m->record->url = arena_text(m->arena, out.bytes ? out.bytes : "", out.length);
	buffer_free(&out);
}

static enum meri_kind kind_of(enum object object)
{
	static const enum meri_kind kinds[OBJECTS] = {
		[OBJECT_NONE] = MERI_DOCUMENT, [ACCOUNT] = MERI_ACCOUNT,
		[PERSON] = MERI_PERSON,        [DEAL] = MERI_DEAL,
		[EVENT] = MERI_EVENT,          [NOTE] = MERI_NOTE,
		[TICKET] = MERI_TICKET,        [OTHER] = MERI_DOCUMENT,
	};
	return kinds[object];
}

static bool lists(struct making *m)
{
	m->hints = arena_take(m->arena, HINTS * sizeof *m->hints);
	m->parties = arena_take(m->arena, PARTIES * sizeof *m->parties);
	m->left_out = arena_take(m->arena, LEFT_OUT * sizeof *m->left_out);
	m->fields = arena_take(m->arena, (m->map->count + 1) * sizeof *m->fields);
	m->record->hints = m->hints;
	m->record->parties = m->parties;
	m->record->left_out = m->left_out;
	m->record->fields = m->fields;
	return m->hints && m->parties && m->left_out && m->fields;
}

/* The row's own memory goes with the next row, the record's does not. */
static struct reader_row *copy_row(struct arena *arena, const struct reader_row *row)
{
	struct reader_row *copy = arena_take(arena, sizeof *copy);
	const char **cells = arena_take(arena, (row->count + 1) * sizeof *cells);
	size_t *lengths = arena_take(arena, (row->count + 1) * sizeof *lengths);

	if (!copy || !cells || !lengths)
		return NULL;
	*copy = *row;
	for (size_t i = 0; i < row->count; i++) {
		cells[i] = arena_text(arena, row->cells[i], row->lengths[i]);
		lengths[i] = row->lengths[i];
	}
	copy->cells = cells;
	copy->lengths = lengths;
	return copy;
}

bool record_make(struct record *out, const struct map *map, const struct reader_row *row,
		 struct record_settings *settings)
{
	arena_clear(&out->arena);
	out->record = (struct meri_record){.size = sizeof out->record};
	out->line = row->line;
	struct making m = {.arena = &out->arena, .record = &out->record, .map = map, .settings = settings};
	m.row = copy_row(&out->arena, row);
	if (!m.row || !lists(&m))
		return false;
	m.object = row_object(&m);
	m.record->kind = kind_of(m.object);
	m.record->item = arena_text(m.arena, settings->file, strlen(settings->file));
	identify(&m, out);
	title(&m);
	if (m.object == ACCOUNT)
		account_hints(&m);
	else
		related(&m);
	emails(&m);
	phones(&m);
	parties(&m);
	times(&m);
	url(&m);
	fields(&m);
	if (row->zeros)
		left_out(&m, "NUL bytes", "they cannot stand in text");
	body(&m);
	if (m.object == EVENT || m.object == NOTE)
		m.record->thread = m.record->parent;
	return !out->arena.broken;
}

void record_free(struct record *record)
{
	arena_free(&record->arena);
}
