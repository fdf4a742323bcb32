#include "sync/connectors.h"

#include <string.h>

#include "base/base.h"
#include "sync/child.h"
#include "sync/places.h"
#include "sync/verdict.h"

enum {
	DESCRIBE_MILLISECONDS = 10000, /* far more than it takes, on a machine that is busy with other things too */
	CHECK_SECONDS = 60,
	GRACE_SECONDS = 1,
	SIDE_BY_SIDE = 8
};

/* One process that answers a question and ends. */
struct question {
	struct sync_output *output;
	struct sync_child *child;
	gint64 deadline, grace; /* seconds, for the message */
	guint *open;            /* of how many answers are waited for */
	char *problem;          /* once it is over: NULL if it went well */
};

static char *no_frame(const struct wire_frame *frame, gpointer user)
{
	(void)user;
	if (frame->type == WIRE_PROGRESS)
		return NULL;
	return g_strdup_printf("sent a frame of type %u outside a run", (guint)frame->type);
}

static void it_is_over(gpointer user)
{
	struct question *question = user;
	const struct sync_ending *ending = sync_child_ending(question->child);

	if (!sync_ending_is_good(ending)) {
		struct sync_verdict verdict = {0};

		sync_verdict_of_ending(&verdict, ending, sync_output_last(question->output), question->deadline,
				       question->grace);
		question->problem = verdict.message;
	}
	--*question->open;
}

static void ask(struct question *question, const char *plugin, const struct wire_run *run, gint64 deadline,
		gint64 grace, guint *open)
{
	struct sync_child_spec spec = {
		.plugin = plugin,
		.run = *run,
		.items = -1,
		.deadline = deadline,
		.grace = grace * 1000,
		.on_frame = no_frame,
		.on_end = it_is_over,
		.user = question,
	};

	spec.output = question->output = sync_output_new();
	question->deadline = deadline / 1000;
	question->grace = grace;
	question->open = open;
	++*open;
	question->child = sync_child_new(&spec);
}

static void question_clear(struct question *question)
{
	sync_child_free(question->child);
	sync_output_free(question->output);
	g_free(question->problem);
	*question = (struct question){0};
}

static void wait_until(const guint *open, guint at_most, GMainContext *context)
{
	while (*open > at_most)
		g_main_context_iteration(context, TRUE);
}

/* ---- describing ---- */

static void connector_free(gpointer data)
{
	struct sync_connector *connector = data;

	g_free(connector->path);
	wire_hello_free(connector->hello);
	g_free(connector->problem);
	g_free(connector);
}

static int by_path(gconstpointer a, gconstpointer b)
{
	const struct sync_connector *const *one = a, *const *other = b;

	return strcmp((*one)->path, (*other)->path);
}

static GPtrArray *list_files(const char *folder, GError **error)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
	GPtrArray *found;
	const char *name;

	if (!dir)
		return NULL;
	found = g_ptr_array_new_with_free_func(connector_free);
	while ((name = g_dir_read_name(dir))) {
		if (!g_str_has_suffix(name, ".so") || *name == '.')
			continue;
		struct sync_connector *connector = g_new0(struct sync_connector, 1);

		connector->path = g_build_filename(folder, name, NULL);
		g_ptr_array_add(found, connector);
	}
	g_ptr_array_sort(found, by_path);
	return found;
}

static void describe_all(GPtrArray *connectors)
{
	g_autofree struct question *questions = g_new0(struct question, connectors->len);
	g_autoptr(GMainContext) context = g_main_context_new();
	struct wire_run run = {.job = WIRE_JOB_DESCRIBE, .source = ""};
	guint open = 0;

	g_main_context_push_thread_default(context);
	for (guint i = 0; i < connectors->len; i++) {
		const struct sync_connector *connector = connectors->pdata[i];

		wait_until(&open, SIDE_BY_SIDE - 1, context);
		ask(&questions[i], connector->path, &run, DESCRIBE_MILLISECONDS, GRACE_SECONDS, &open);
	}
	wait_until(&open, 0, context);
	for (guint i = 0; i < connectors->len; i++) {
		struct sync_connector *connector = connectors->pdata[i];

		connector->problem = g_steal_pointer(&questions[i].problem);
		if (!connector->problem)
			connector->hello = sync_child_take_hello(questions[i].child);
		question_clear(&questions[i]);
	}
	g_main_context_pop_thread_default(context);
}

static char *file_name(const struct sync_connector *connector)
{
	g_autofree char *base = g_path_get_basename(connector->path);

	return g_strndup(base, strlen(base) - strlen(".so"));
}

static char *name_of(const struct sync_connector *connector)
{
	return connector->hello ? g_strdup(connector->hello->name) : file_name(connector);
}

/* Two files that say the same name: the first has it. */
static void refuse_doubles(GPtrArray *connectors)
{
	for (guint i = 0; i < connectors->len; i++) {
		struct sync_connector *connector = connectors->pdata[i];

		for (guint k = 0; connector->hello && k < i; k++) {
			const struct sync_connector *other = connectors->pdata[k];

			if (!other->hello || strcmp(other->hello->name, connector->hello->name) != 0)
				continue;
			connector->problem = g_strdup_printf("says that it is \"%s\", which is the name of %s",
							     other->hello->name, other->path);
			g_clear_pointer(&connector->hello, wire_hello_free);
		}
	}
}

/* An option that the settings take for ours would never reach the connector. */
static void refuse_taken_names(struct sync_connector *connector)
{
	for (guint i = 0; connector->hello && i < connector->hello->options->len; i++) {
		const struct wire_option *option = connector->hello->options->pdata[i];

		if (!g_strv_contains(sync_source_keys, option->name))
			continue;
		connector->problem = g_strdup_printf(
			"declares an option \"%s\", which is a key of every source: give it another name",
			option->name);
		g_clear_pointer(&connector->hello, wire_hello_free);
	}
}

GPtrArray *sync_connectors_find(const char *folder, GError **error)
{
	GPtrArray *found = list_files(folder, error);

	if (!found)
		return NULL;
	describe_all(found);
	for (guint i = 0; i < found->len; i++)
		refuse_taken_names(found->pdata[i]);
	refuse_doubles(found);
	return found;
}

const struct sync_connector *sync_connectors_get(const GPtrArray *connectors, const char *name)
{
	const struct sync_connector *broken = NULL;

	for (guint i = 0; i < connectors->len; i++) {
		const struct sync_connector *connector = connectors->pdata[i];
		g_autofree char *its = name_of(connector);

		if (strcmp(its, name) != 0)
			continue;
		if (connector->hello)
			return connector;
		broken = connector;
	}
	return broken;
}

char **sync_connectors_names(const GPtrArray *connectors)
{
	g_autoptr(GStrvBuilder) names = g_strv_builder_new();

	for (guint i = 0; i < connectors->len; i++) {
		g_autofree char *name = name_of(connectors->pdata[i]);

		g_strv_builder_add(names, name);
	}
	return g_strv_builder_end(names);
}

/* ---- for people ---- */

static const char *kind_text(enum meri_option_kind kind)
{
	static const char *const kinds[] = {"",       "text",     "path",   "url", "number",
					    "switch", "duration", "choice", "list"};

	return kind < G_N_ELEMENTS(kinds) ? kinds[kind] : "unknown";
}

static json_t *option_json(const struct wire_option *option)
{
	json_t *object = json_object();

	base_json_text(object, "name", option->name);
	base_json_text(object, "kind", kind_text(option->kind));
	base_json_text(object, "default", option->secret ? NULL : option->initial);
	base_json_text(object, "help", option->help);
	base_json_text(object, "choices", option->choices);
	json_object_set_new(object, "required", json_boolean(option->required));
	json_object_set_new(object, "secret", json_boolean(option->secret));
	return object;
}

json_t *sync_connectors_json(const GPtrArray *connectors)
{
	json_t *all = json_array();

	for (guint i = 0; i < connectors->len; i++) {
		const struct sync_connector *connector = connectors->pdata[i];
		g_autofree char *name = name_of(connector);
		json_t *object = json_object(), *options = json_array();

		base_json_text(object, "name", name);
		base_json_text(object, "summary", connector->hello ? connector->hello->summary : NULL);
		base_json_text(object, "path", connector->path);
		base_json_text(object, "problem", connector->problem);
		for (guint k = 0; connector->hello && k < connector->hello->options->len; k++)
			json_array_append_new(options, option_json(connector->hello->options->pdata[k]));
		json_object_set_new(object, "options", options);
		json_array_append_new(all, object);
	}
	return all;
}

/* ---- checking ---- */

char *sync_connector_check(const char *plugin, const char *source, const struct sync_options *options,
			   const char *temp_root, gint64 grace)
{
	g_autoptr(GMainContext) context = g_main_context_new();
	g_autofree char *temp = sync_temp_new(temp_root, NULL);
	struct wire_run run = {.job = WIRE_JOB_CHECK, .source = source, .options = options->values, .temp = temp};
	struct question question = {0};
	guint open = 0;

	g_main_context_push_thread_default(context);
	ask(&question, plugin, &run, CHECK_SECONDS * 1000, grace, &open);
	wait_until(&open, 0, context);
	char *problem = question.problem ? sync_options_hide(options, question.problem) : NULL;

	question_clear(&question);
	g_main_context_pop_thread_default(context);
	if (temp)
		sync_temp_remove(temp);
	return problem;
}
