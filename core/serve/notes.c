#include "serve/notes.h"

#include <string.h>

#include "base/base.h"
#include "serve/answers.h"
#include "serve/inside.h"

enum { MAX_TITLE = 500, MAX_TEXT = 200000, MAX_READERS = 50, MAX_READER = 200, BEGINNING = 80 };

gboolean serve_builtin(const char *source)
{
	return !g_strcmp0(source, STORE_OWN_SOURCE);
}

/* A note on its way into the store. */
struct noting {
	struct serve_request *request;
	char *id, *title, *text; /* id: external */
	char *author;            /* whose it is: kept as the record's item */
	char *by;                /* the author's name, as displayed */
	GPtrArray *readers;      /* const char *; NULL or empty: everybody */
	gint64 customer;         /* to link it to; 0: as it is */
	gint64 written, now;
	gint64 row;
};

static void noting_clear(struct noting *n)
{
	g_free(n->id);
	g_free(n->title);
	g_free(n->text);
	g_free(n->author);
	g_free(n->by);
	g_clear_pointer(&n->readers, g_ptr_array_unref);
}
typedef struct noting noting;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(noting, noting_clear)

/* Whose a note is, in a way that a new name does not change. */
static char *author_of(const struct serve_caller *caller)
{
	return caller->user ? g_strdup_printf("user %" G_GINT64_FORMAT, caller->user)
			    : g_strdup_printf("account %s", caller->name ? caller->name : "");
}

gboolean serve_note_is_of(const struct serve_caller *caller, const struct lookup_record *record)
{
	g_autofree char *me = author_of(caller);
	return serve_builtin(record->head.source) && (caller->admin || !g_strcmp0(me, record->item));
}

/* ---- what was sent ---- */

/* A text of the body; `most` characters. FALSE and BAD_REQUEST if it is no text, or missing and `needed`. */
static gboolean read_text(struct serve_request *request, const char *key, glong most, gboolean needed, char **text,
			  GError **error)
{
	const json_t *value = json_object_get(request->body, key);
	const char *given = json_string_value(value);
	if (value && !json_is_null(value) && !given) {
		g_set_error(error, SERVE_ERROR, SERVE_BAD_REQUEST, "%s must be text", key);
		return FALSE;
	}
	if (given && g_utf8_strlen(given, -1) > most) {
		g_set_error(error, SERVE_ERROR, SERVE_REFUSED, "%s is longer than %ld characters", key, most);
		return FALSE;
	}
	g_autofree char *stripped = given ? g_strstrip(g_strdup(given)) : NULL;
	if (needed && (!stripped || !*stripped)) {
		g_set_error(error, SERVE_ERROR, SERVE_BAD_REQUEST, "a note needs a %s", key);
		return FALSE;
	}
	if (given)
		g_free(*text), *text = g_steal_pointer(&stripped);
	return TRUE;
}

static gboolean read_readers(struct serve_request *request, struct noting *n, GError **error)
{
	const json_t *given = json_object_get(request->body, "readers");
	size_t i;
	json_t *one;
	if (!given || json_is_null(given))
		return TRUE;
	n->readers = g_ptr_array_new();
	gboolean good = json_is_array(given) && json_array_size(given) <= MAX_READERS;
	json_array_foreach(given, i, one)
	{
		const char *name = json_string_value(one);
		good = good && name && *name && g_utf8_strlen(name, -1) <= MAX_READER;
		g_ptr_array_add(n->readers, (gpointer)name);
	}
	if (good && n->readers->len && request->caller->name)
		g_ptr_array_add(n->readers, request->caller->name); /* what one writes one may read */
	if (!good)
		g_set_error(error, SERVE_ERROR, SERVE_BAD_REQUEST,
			    "readers must be a list of at most %d names of teams or people", MAX_READERS);
	return good;
}

/* A title out of the text's first line, where none was given. */
static void complete_title(struct noting *n)
{
	if (n->title && *n->title)
		return;
	g_autofree char *line = g_strndup(n->text, strcspn(n->text, "\r\n"));
	g_free(n->title);
	n->title = base_one_line(line, BEGINNING);
}

/* ---- in the writer ---- */

static gboolean put_note(store *s, identity *who, struct noting *n, gint64 source, GError **error)
{
	const struct meri_party author = {.role = "owner", .name = n->by};
	struct meri_record record = {.size = sizeof record,
				     .id = n->id,
				     .kind = MERI_NOTE,
				     .title = n->title,
				     .text = n->text,
				     .item = n->author,
				     .occurred = n->written,
				     .updated = n->now,
				     .parties = &author,
				     .n_parties = 1};
	if (n->readers && n->readers->len) {
		record.readers = (const char *const *)n->readers->pdata;
		record.n_readers = n->readers->len;
	}
	enum store_change change;
	return store_put(s, source, 0, &record, &change, &n->row, error) &&
	       (change == STORE_SAME || identity_resolve(who, s, n->row, &record, error));
}

static gboolean link_note(store *s, identity *who, const struct noting *n, GError **error)
{
	struct identity_effect effect;
	json_t *what = json_pack("{s:s, s:I, s:[I]}", "kind", "link", "customer", (json_int_t)n->customer, "records",
				 (json_int_t)n->row);
	g_autofree char *by = serve_peer(n->request);
	gboolean good = identity_decide(who, s, what, by, "note", n->now, FALSE, &effect, error);
	identity_effect_clear(&effect);
	json_decref(what);
	return good;
}

static gboolean write_job(store *s, gpointer user, GError **error)
{
	struct noting *n = user;
	identity *who = sync_hub_identity(n->request->hub);
	gint64 source;
	return store_source_ensure(s, STORE_OWN_SOURCE, STORE_OWN_SOURCE, &source, error) &&
	       put_note(s, who, n, source, error) && (!n->customer || link_note(s, who, n, error));
}

static gboolean remove_job(store *s, gpointer user, GError **error)
{
	struct noting *n = user;
	gint64 source, removed, held;
	return store_source_ensure(s, STORE_OWN_SOURCE, STORE_OWN_SOURCE, &source, error) &&
	       store_remove(s, source, 0, n->id, error) && store_removals_settle(s, source, &removed, &held, error) &&
	       identity_settle(sync_hub_identity(n->request->hub), s, error);
}

/* ---- routes ---- */

static json_t *written(struct serve_request *request, gint64 row, GError **error)
{
	/* The first note of all makes the source of notes, which the fence of before does not know. */
	if (!serve_caller_fence(request, error))
		return NULL;
	g_autoptr(lookup_record) record = lookup_record_get(request->worker->store, row, error);
	json_t *reply = record ? serve_record_json(record) : NULL;
	if (reply)
		json_object_set_new(reply, "editable", json_true());
	return reply;
}

/* The customer that is named in the body, if it is there for who asks. */
static gboolean read_customer(struct serve_request *request, struct noting *n, GError **error)
{
	const json_t *id = json_object_get(request->body, "customer");
	if (!json_is_integer(id)) {
		g_set_error(error, SERVE_ERROR, SERVE_BAD_REQUEST, "customer must be the number of a customer");
		return FALSE;
	}
	struct identity_found *found = identity_brief(request->worker->store, json_integer_value(id), "id", error);
	if (found)
		n->customer = found->id;
	identity_found_free(found);
	return found != NULL;
}

json_t *serve_note_add(struct serve_request *request, GError **error)
{
	g_auto(noting) n = {.request = request, .now = base_now()};
	const struct serve_caller *caller = request->caller;
	if (!read_text(request, "title", MAX_TITLE, FALSE, &n.title, error) ||
	    !read_text(request, "text", MAX_TEXT, TRUE, &n.text, error) || !read_readers(request, &n, error) ||
	    !read_customer(request, &n, error))
		return NULL;
	complete_title(&n);
	n.id = g_uuid_string_random();
	n.author = author_of(caller);
	n.by = g_strdup(caller->full_name && *caller->full_name ? caller->full_name : caller->name);
	n.written = n.now;
	if (!store_writer_call(sync_hub_writer(request->hub), write_job, &n, error))
		return NULL;
	g_autofree char *place = g_strdup_printf("/api/v1/records/%" G_GINT64_FORMAT, n.row);
	serve_reply_header(request, "Location", place);
	serve_audit(request, n.title, n.customer, -1);
	request->status = MHD_HTTP_CREATED;
	return written(request, n.row, error);
}

/* The note in the path as it stands, if who asks may change it. NOT_FOUND, FORBIDDEN */
static gboolean note_of(struct serve_request *request, struct noting *n, GError **error)
{
	gint64 id;
	if (!serve_id(request, "note", &id, error))
		return FALSE;
	g_autoptr(GError) absent = NULL;
	g_autoptr(lookup_record) record = lookup_record_get(request->worker->store, id, &absent);
	if (absent && !g_error_matches(absent, STORE_ERROR, STORE_ERROR_ABSENT)) {
		g_propagate_error(error, g_steal_pointer(&absent));
		return FALSE;
	}
	if (!record || !serve_builtin(record->head.source)) {
		g_set_error(error, SERVE_ERROR, SERVE_NOT_FOUND, "there is no note %" G_GINT64_FORMAT, id);
		return FALSE;
	}
	if (!serve_note_is_of(request->caller, record)) {
		g_set_error(error, SERVE_ERROR, SERVE_FORBIDDEN, "only its author or an admin may change a note");
		return FALSE;
	}
	n->id = g_strdup(record->head.external_id);
	n->title = g_strdup(record->head.title);
	n->text = g_strdup(record->text);
	n->author = g_strdup(record->item);
	n->by = g_strdup(record->head.from);
	n->written = record->head.occurred;
	n->row = id;
	n->readers = lookup_readers(request->worker->store, id, error);
	return n->readers != NULL;
}

json_t *serve_note_change(struct serve_request *request, GError **error)
{
	g_auto(noting) n = {.request = request, .now = base_now()};
	if (!note_of(request, &n, error) || !read_text(request, "title", MAX_TITLE, FALSE, &n.title, error) ||
	    !read_text(request, "text", MAX_TEXT, json_object_get(request->body, "text") != NULL, &n.text, error))
		return NULL;
	complete_title(&n);
	if (!store_writer_call(sync_hub_writer(request->hub), write_job, &n, error))
		return NULL;
	serve_audit(request, n.title, 0, -1);
	return written(request, n.row, error);
}

json_t *serve_note_remove(struct serve_request *request, GError **error)
{
	g_auto(noting) n = {.request = request, .now = base_now()};
	if (!note_of(request, &n, error) || !store_writer_call(sync_hub_writer(request->hub), remove_job, &n, error))
		return NULL;
	serve_audit(request, n.title, 0, -1);
	return json_object();
}
