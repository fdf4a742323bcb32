/* What the parent asks for (WIRE_RUN) and how a connector introduces itself (WIRE_HELLO). */
#include "wire/wire.h"

#include <string.h>

/* Values of options and the folder are bytes, not text: a path need not be UTF-8. */
GVariant *wire_run_encode(const struct wire_run *run)
{
	GVariantBuilder options;
	g_variant_builder_init(&options, G_VARIANT_TYPE("a(say)"));
	if (run->options) {
		GHashTableIter each;
		gpointer name, value;
		g_hash_table_iter_init(&each, run->options);
		while (g_hash_table_iter_next(&each, &name, &value))
			g_variant_builder_add(&options, "(s^ay)", name, value);
	}
	return g_variant_new("(usms^ayta(say))", (guint32)run->job, run->source ? run->source : "", run->cursor,
			     run->temp ? run->temp : "", run->memory, &options);
}

gboolean wire_run_decode(GVariant *payload, struct wire_run *out, GError **error)
{
	guint32 job;
	const char *name, *value;
	g_autoptr(GVariantIter) options = NULL;
	g_variant_get_data(payload); /* so that what is borrowed lives in one place */
	g_variant_get(payload, "(u&sm&s^&ayta(say))", &job, &out->source, &out->cursor, &out->temp, &out->memory,
		      &options);
	if (job < WIRE_JOB_DESCRIBE || job > WIRE_JOB_SYNC) {
		g_set_error(error, WIRE_ERROR, WIRE_ERROR_GARBAGE, "there is no job %u", job);
		return FALSE;
	}
	out->job = job;
	out->temp = *out->temp ? out->temp : NULL;
	out->options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	while (g_variant_iter_next(options, "(&s^&ay)", &name, &value))
		g_hash_table_insert(out->options, g_strdup(name), g_strdup(value));
	return TRUE;
}

/* What a connector's author wrote may be in any encoding. */
static GVariant *text_of(const char *text)
{
	char *repaired = wire_repair(text ? text : "", text ? strlen(text) : 0, NULL);
	return repaired ? g_variant_new_take_string(repaired) : g_variant_new_string(text ? text : "");
}

static GVariant *maybe_text_of(const char *text)
{
	return g_variant_new_maybe(G_VARIANT_TYPE_STRING, text ? text_of(text) : NULL);
}

GVariant *wire_hello_encode(const struct meri_connector *connector)
{
	GVariantBuilder options;
	g_variant_builder_init(&options, G_VARIANT_TYPE("a(symsmsbbms)"));
	/* The connector may be newer than this program: its options are as large as it says. */
	const char *at = (const char *)connector->options;
	for (guint i = 0; at && i < WIRE_MAX_ENTRIES; i++, at += connector->option_size) {
		const struct meri_option *o = (const void *)at;
		if (!o->name)
			break;
		g_variant_builder_add(&options, "(@sy@ms@msbb@ms)", text_of(o->name), (guint8)o->kind,
				      maybe_text_of(o->initial), maybe_text_of(o->help), (gboolean)o->required,
				      (gboolean)o->secret, maybe_text_of(o->choices));
	}
	return g_variant_new("(@s@sa(symsmsbbms))", text_of(connector->name), text_of(connector->summary), &options);
}

static void option_free(gpointer data)
{
	struct wire_option *o = data;
	g_free(o->name);
	g_free(o->initial);
	g_free(o->help);
	g_free(o->choices);
	g_free(o);
}

void wire_hello_free(struct wire_hello *hello)
{
	if (!hello)
		return;
	g_free(hello->name);
	g_free(hello->summary);
	g_ptr_array_unref(hello->options);
	g_free(hello);
}

static gboolean option_decode(GVariant *from, struct wire_option *o, GError **error)
{
	guint8 kind;
	g_variant_get(from, "(symsmsbbms)", &o->name, &kind, &o->initial, &o->help, &o->required, &o->secret,
		      &o->choices);
	o->kind = kind;
	if (!*o->name || kind < MERI_TEXT || kind > MERI_LIST) {
		g_set_error(error, WIRE_ERROR, WIRE_ERROR_GARBAGE, "option \"%s\" is of unknown kind %u", o->name,
			    kind);
		return FALSE;
	}
	return TRUE;
}

struct wire_hello *wire_hello_decode(GVariant *payload, GError **error)
{
	g_autoptr(GVariantIter) options = NULL;
	g_autoptr(wire_hello) hello = g_new0(struct wire_hello, 1);
	hello->options = g_ptr_array_new_with_free_func(option_free);
	g_variant_get(payload, "(ssa(symsmsbbms))", &hello->name, &hello->summary, &options);
	if (!*hello->name || g_variant_iter_n_children(options) > WIRE_MAX_ENTRIES) {
		g_set_error_literal(error, WIRE_ERROR, WIRE_ERROR_GARBAGE,
				    "the connector has no name, or too many options");
		return NULL;
	}
	for (;;) {
		g_autoptr(GVariant) from = g_variant_iter_next_value(options);
		if (!from)
			break;
		struct wire_option *o = g_new0(struct wire_option, 1);
		g_ptr_array_add(hello->options, o);
		if (!option_decode(from, o, error))
			return NULL;
	}
	return g_steal_pointer(&hello);
}
