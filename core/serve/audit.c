#include "serve/audit.h"

#include "base/base.h"
#include "serve/answers.h"
#include "serve/cursor.h"
#include "store/audit.h"

enum { ROWS = 100, MAX_ROWS = 1000 };

static const char *const about[] = {"user", "action", "customer", "after", "before", NULL};

static json_t *entry_json(const struct store_audit *entry)
{
	json_t *o =
		json_pack("{s:I, s:s, s:s}", "id", (json_int_t)entry->id, "via", entry->via, "action", entry->action);
	base_json_time(o, "at", entry->at);
	json_object_set_new(o, "user", serve_text_json(entry->name));
	json_object_set_new(o, "what", serve_text_json(entry->what));
	json_object_set_new(o, "customer", entry->customer ? json_integer(entry->customer) : json_null());
	json_object_set_new(o, "hits", entry->hits >= 0 ? json_integer(entry->hits) : json_null());
	json_object_set_new(o, "address", serve_text_json(entry->address));
	return o;
}

/* A parameter that is left empty is as if it were not there. */
static const char *given(struct serve_request *request, const char *name)
{
	const char *value = serve_parameter(request, name);
	return value && *value ? value : NULL;
}

static gboolean read_time(struct serve_request *request, const char *name, gint64 *seconds, GError **error)
{
	const char *text = given(request, name);
	if (!text || base_time_parse(text, seconds))
		return TRUE;
	g_set_error(error, SERVE_ERROR, SERVE_BAD_REQUEST,
		    "%s must be a day or a time as in 2026-01-31 or "
		    "2026-01-31T12:00:00Z, not \"%s\"",
		    name, text);
	return FALSE;
}

static gboolean read_filter(struct serve_request *request, struct store_audit_filter *filter, GError **error)
{
	const char *customer = given(request, "customer");
	filter->user = given(request, "user");
	filter->action = given(request, "action");
	if (customer &&
	    !g_ascii_string_to_signed(customer + (*customer == 'c'), 10, 1, G_MAXINT64, &filter->customer, NULL)) {
		g_set_error(error, SERVE_ERROR, SERVE_BAD_REQUEST, "customer must be a customer's number, not \"%s\"",
			    customer);
		return FALSE;
	}
	return read_time(request, "after", &filter->after, error) &&
	       read_time(request, "before", &filter->before, error);
}

json_t *serve_audit_log(struct serve_request *request, GError **error)
{
	struct store_audit_filter filter = {0};
	struct serve_cursor cursor;
	guint limit;
	if (!serve_number(request, "n", 1, MAX_ROWS, ROWS, &limit, error) ||
	    !serve_cursor_read(request, about, &cursor, error) || !read_filter(request, &filter, error))
		return NULL;
	filter.below = MAX(cursor.numbers[0], 0);
	g_autoptr(GPtrArray) found = store_audit_list(request->worker->open, &filter, limit + 1, error);
	if (!found)
		return NULL;
	json_t *entries = json_array();
	struct serve_cursor next = {0};
	for (guint i = 0; i < MIN(found->len, limit); i++) {
		const struct store_audit *entry = found->pdata[i];
		json_array_append_new(entries, entry_json(entry));
		next.numbers[0] = entry->id;
	}
	return json_pack("{s:o, s:o}", "entries", entries, "cursor",
			 serve_cursor_json(request, about, &next, found->len <= limit));
}
