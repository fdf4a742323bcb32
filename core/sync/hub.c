/* What others may ask of the hub, and how settings become its sources. */
#include "sync/hub.h"

#include <string.h>

#include "base/base.h"
#include "sync/places.h"

enum {
	END_SECONDS = 20,         /* on top of the grace, for the store to take what is left */
	LOOK_BACK_CUSTOMERS = 100 /* whose names are looked for in old texts in one step */
};

/* clang-format off */
G_DEFINE_QUARK(sync-error-quark, sync_error)
/* clang-format on */

/* ---- places ---- */

struct sync_place *sync_place_new(const struct sync_source *source)
{
	struct sync_place *place = g_new0(struct sync_place, 1);

	place->state.name = g_strdup(source->name);
	return place;
}

static void state_clear(struct sync_state *state)
{
	g_free(state->name);
	g_free(state->connector);
	g_free(state->schedule);
	g_free(state->what);
	g_strfreev(state->readers);
	g_free(state->team);
	g_free(state->verdict);
	g_free(state->reason);
	g_free(state->message);
}

void sync_place_free(gpointer data)
{
	struct sync_place *place = data;

	state_clear(&place->state);
	g_free(place);
}

struct sync_place *sync_hub_place(sync_hub *hub, const char *name)
{
	for (guint i = 0; i < hub->places->len; i++) {
		struct sync_place *place = hub->places->pdata[i];

		if (!strcmp(place->state.name, name))
			return place;
	}
	return NULL;
}

/* Gives a place the settings of its source, new or changed. */
static void place_set(sync_hub *hub, struct sync_place *place, const struct sync_source *source)
{
	struct sync_state *state = &place->state;
	gboolean same = place->source && !strcmp(place->source->schedule_text, source->schedule_text);

	place->source = source;
	g_free(state->connector);
	state->connector = g_strdup(source->connector);
	g_free(state->schedule);
	state->schedule = g_strdup(source->schedule_text);
	g_strfreev(state->readers);
	state->readers = g_strdupv(source->readers);
	g_free(state->team);
	state->team = g_strdup(source->team);
	state->lenient = source->lenient;
	state->stale_after = source->stale_after;
	if (!same && !place->run)
		sync_queue_plan(hub, place);
}

/* ---- checking settings against connectors ---- */

static GPtrArray *find_connectors(const struct sync_settings *settings, GPtrArray *problems)
{
	g_autofree char *own = sync_plugin_path();
	g_autoptr(GError) error = NULL;
	GPtrArray *found = sync_connectors_find(settings->plugin_path ? settings->plugin_path : own, &error);

	if (!found)
		sync_problem(problems, settings->file, 0, "[hub]", "plugin-path", "the connectors cannot be listed: %s",
			     error->message);
	return found;
}

static void check_source(const struct sync_settings *settings, const struct sync_source *source,
			 const GPtrArray *connectors, GPtrArray *mistakes, GPtrArray *absent)
{
	const struct sync_connector *connector =
		source->connector ? sync_connectors_get(connectors, source->connector) : NULL;
	const struct sync_entry *entry = sync_section_find(source->section, "connector");

	if (connector && connector->hello) {
		sync_options_free(sync_options_read(settings, source, connector->hello, mistakes, absent));
	} else if (connector) {
		sync_problem(absent, settings->file, entry->line, source->section->title, "connector",
			     "\"%s\" cannot be used: %s", source->connector, connector->problem);
	} else if (source->connector) {
		g_auto(GStrv) names = sync_connectors_names(connectors);
		const char *near = base_nearest(source->connector, (const char *const *)names);

		sync_problem(mistakes, settings->file, entry->line, source->section->title, "connector",
			     "there is no connector \"%s\"%s%s%s", source->connector, near ? "; did you mean \"" : "",
			     near ? near : "", near ? "\"?" : "");
	}
}

static void check_sources(const struct sync_settings *settings, const GPtrArray *connectors, GPtrArray *mistakes,
			  GPtrArray *absent)
{
	for (guint i = 0; i < settings->sources->len; i++)
		check_source(settings, settings->sources->pdata[i], connectors, mistakes, absent);
}

void sync_check(const struct sync_settings *settings, GPtrArray *problems)
{
	g_autoptr(GPtrArray) connectors = find_connectors(settings, problems);

	if (connectors)
		check_sources(settings, connectors, problems, problems);
}

/* The connectors, if the settings are good for them; NULL and problems if not. */
static GPtrArray *take_stock(const struct sync_settings *settings, GPtrArray *problems)
{
	guint before = problems->len;
	g_autoptr(GPtrArray) connectors = find_connectors(settings, problems);
	g_autoptr(GPtrArray) absent = g_ptr_array_new_with_free_func(g_free);

	if (connectors)
		check_sources(settings, connectors, problems, absent);
	if (problems->len > before)
		return NULL;
	for (guint i = 0; i < absent->len; i++)
		base_log(BASE_WARNING, "%s", (const char *)absent->pdata[i]);
	for (guint i = 0; i < connectors->len; i++) {
		const struct sync_connector *connector = connectors->pdata[i];

		if (connector->problem)
			base_log(BASE_WARNING, "%s cannot be used: %s", connector->path, connector->problem);
	}
	return g_steal_pointer(&connectors);
}

/* ---- beginning ---- */

/* A run that a daemon left open when it died is over. */
static gboolean end_lost(store *s, gint64 source, GError **error)
{
	g_autoptr(GPtrArray) runs = store_runs(s, source, 1, error);

	if (!runs)
		return FALSE;
	if (!runs->len)
		return TRUE;
	struct store_run lost = *(struct store_run *)runs->pdata[0];

	lost.verdict = "lost";
	lost.ended = base_now();
	lost.message = "merid ended before the run did; what it had checkpointed is kept";
	return store_run_end(s, &lost, error);
}

/* What the last daemon left open, and when each source ran last. */
static gboolean look_back_job(store *s, gpointer user, GError **error)
{
	sync_hub *hub = user;

	for (guint i = 0; i < hub->places->len; i++) {
		struct sync_place *place = hub->places->pdata[i];
		g_autoptr(GError) local = NULL;
		struct store_source *source = store_source_get(s, place->state.name, &local);

		if (!source && !g_error_matches(local, STORE_ERROR, STORE_ERROR_ABSENT)) {
			g_propagate_error(error, g_steal_pointer(&local));
			return FALSE;
		}
		if (!source)
			continue;
		place->last = source->last_run;
		gboolean good = g_strcmp0(source->verdict, "running") || end_lost(s, source->id, error);

		store_source_free(source);
		if (!good)
			return FALSE;
	}
	return TRUE;
}

/* ---- who records are about ---- */

struct identity_settings sync_identity_settings(const struct sync_settings *settings)
{
	return (struct identity_settings){
		.language = settings->language,
		.region = settings->region,
		.own_domains = (const char *const *)settings->own_domains,
	};
}

identity *sync_hub_identity(sync_hub *hub)
{
	return hub->who;
}

static gboolean look_back_step(store *s, gpointer user, gboolean *more, GError **error)
{
	return identity_look_back(user, s, LOOK_BACK_CUSTOMERS, more, error);
}

struct look_back {
	identity *who;
	gboolean more;
};

static gboolean look_back_on_job(store *s, gpointer user, GError **error)
{
	struct look_back *back = user;

	return identity_look_back(back->who, s, LOOK_BACK_CUSTOMERS, &back->more, error);
}

void sync_hub_look_back(sync_hub *hub)
{
	struct look_back back = {hub->who, TRUE};
	g_autoptr(GError) error = NULL;

	while (back.more && !error && !hub->stopping) {
		store_writer_call(hub->writer, look_back_on_job, &back, &error);
		while (g_main_context_iteration(NULL, FALSE)) /* a signal to end is heard between two steps */
			;
	}
	if (error)
		base_log(BASE_WARNING, "new names were not looked for in old texts: %s", error->message);
}

static void forget_memory(gpointer user)
{
	identity_rolled_back(user);
}

static gboolean attend_job(store *s, gpointer user, GError **error)
{
	(void)s, (void)error;
	sync_hub *hub = user;
	struct store_attendant attendant = {look_back_step, forget_memory, hub->who};

	store_writer_attend(hub->writer, &attendant);
	return TRUE;
}

static gboolean leave_job(store *s, gpointer user, GError **error)
{
	(void)s, (void)error;
	sync_hub *hub = user;
	static const struct store_attendant nobody = {NULL, NULL, NULL};

	store_writer_attend(hub->writer, &nobody);
	g_clear_pointer(&hub->who, identity_free);
	return TRUE;
}

/* ---- whose system a source is ---- */

/* Names and teams of the settings' sources, one after the other; a source that was never read has no row to say it in,
 * and is told by its first run. */
static GPtrArray *teams_of(const struct sync_settings *settings)
{
	GPtrArray *teams = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < settings->sources->len; i++) {
		const struct sync_source *source = settings->sources->pdata[i];

		g_ptr_array_add(teams, g_strdup(source->name));
		g_ptr_array_add(teams, g_strdup(source->team));
	}
	return teams;
}

static gboolean teams_job(store *s, gpointer user, GError **error)
{
	const GPtrArray *teams = user;

	for (guint i = 0; i + 1 < teams->len; i += 2) {
		g_autoptr(GError) absent = NULL;
		struct store_source *source = store_source_get(s, teams->pdata[i], &absent);

		if (!source && g_error_matches(absent, STORE_ERROR, STORE_ERROR_ABSENT))
			continue;
		if (!source) {
			g_propagate_error(error, g_steal_pointer(&absent));
			return FALSE;
		}
		gboolean set = store_source_team_set(s, source->id, teams->pdata[i + 1], error);

		store_source_free(source);
		if (!set)
			return FALSE;
	}
	return TRUE;
}

static void teams_told(gpointer user, const GError *error)
{
	if (error)
		base_log(BASE_WARNING, "the store was not told whose each source is: %s", error->message);
	g_ptr_array_unref(user);
}

/* ---- the hub ---- */

sync_hub *sync_hub_new(struct sync_settings *settings, store_writer *writer, GPtrArray *problems)
{
	g_autoptr(GPtrArray) connectors = take_stock(settings, problems);
	g_autoptr(GError) error = NULL;

	if (!connectors) {
		sync_settings_free(settings);
		return NULL;
	}
	sync_hub *hub = g_new0(sync_hub, 1);

	pthread_mutex_init(&hub->lock, NULL);
	hub->settings = hub->first = settings;
	hub->connectors = g_steal_pointer(&connectors);
	hub->places = g_ptr_array_new_with_free_func(sync_place_free);
	hub->writer = writer;
	struct identity_settings about = sync_identity_settings(settings);

	hub->who = identity_new(&about);
	hub->wake = sync_queue_source(hub);
	g_autofree char *temp = sync_temp_root(settings->store);

	sync_temp_remove(temp); /* what a daemon that was killed left there */
	for (guint i = 0; i < settings->sources->len; i++) {
		struct sync_place *place = sync_place_new(settings->sources->pdata[i]);

		place_set(hub, place, settings->sources->pdata[i]);
		g_ptr_array_add(hub->places, place);
	}
	g_autoptr(GPtrArray) teams = teams_of(settings);

	if (!store_writer_call(writer, attend_job, hub, &error) ||
	    !store_writer_call(writer, teams_job, teams, &error) ||
	    !store_writer_call(writer, look_back_job, hub, &error))
		base_log(BASE_WARNING, "the store cannot tell when each source ran last: %s", error->message);
	return hub;
}

void sync_hub_schedule(sync_hub *hub)
{
	pthread_mutex_lock(&hub->lock);
	hub->scheduled = TRUE;
	for (guint i = 0; i < hub->places->len; i++)
		sync_queue_plan(hub, hub->places->pdata[i]);
	pthread_mutex_unlock(&hub->lock);
	sync_queue_wake(hub);
}

/* ---- new settings ---- */

static void tell_what_waits(const struct sync_settings *old, const struct sync_settings *new)
{
	const struct {
		const char *key, *old, *new;
	} fixed[] = {
		{"store", old->store, new->store},    {"socket", old->socket, new->socket},
		{"listen", old->listen, new->listen}, {"language", old->language, new->language},
		{"region", old->region, new->region}, {"public-url", old->public_url, new->public_url},
	};

	for (guint i = 0; i < G_N_ELEMENTS(fixed); i++)
		if (g_strcmp0(fixed[i].old, fixed[i].new))
			base_log(BASE_WARNING, "%s: [hub] %s: the change takes effect when merid is started again",
				 new->file, fixed[i].key);
	gboolean same = !g_strcmp0(old->proxy_header, new->proxy_header) && old->find_rate == new->find_rate &&
			old->session_length == new->session_length && old->audit_keep == new->audit_keep &&
			!old->trusted_proxy == !new->trusted_proxy &&
			(!old->trusted_proxy || g_strv_equal((const char *const *)old->trusted_proxy,
							     (const char *const *)new->trusted_proxy));
	if (!same)
		base_log(BASE_WARNING,
			 "%s: [hub] what is said of log-ins, proxies, the audit log and rates takes effect when merid "
			 "is "
			 "started again",
			 new->file);
}

/* The hub's place of that name, taken out of its list; NULL if there is none. */
static struct sync_place *take_out(sync_hub *hub, const char *name)
{
	struct sync_place *place = sync_hub_place(hub, name);
	guint index;

	if (place && g_ptr_array_find(hub->places, place, &index))
		g_ptr_array_steal_index(hub->places, index);
	return place;
}

/* The places of the new settings: those there were, with what they are doing; new ones; and those that are named no
 * more but whose run must end first. */
static void set_places(sync_hub *hub, const struct sync_settings *settings)
{
	GPtrArray *places = g_ptr_array_new_with_free_func(sync_place_free);

	for (guint i = 0; i < settings->sources->len; i++) {
		const struct sync_source *source = settings->sources->pdata[i];
		struct sync_place *place = take_out(hub, source->name);

		if (!place)
			place = sync_place_new(source);
		g_ptr_array_add(places, place);
		place_set(hub, place, source);
	}
	for (guint i = hub->places->len; i > 0; i--) {
		struct sync_place *place = hub->places->pdata[i - 1];

		base_log(BASE_INFO, "source %s is no more in the settings; its records stay", place->state.name);
		if (!place->run)
			continue;
		place->source = NULL;
		place->state.queued = FALSE;
		g_ptr_array_add(places, g_ptr_array_steal_index(hub->places, i - 1));
	}
	g_ptr_array_unref(hub->places);
	hub->places = places;
}

gboolean sync_hub_reload(sync_hub *hub, struct sync_settings *settings, GPtrArray *problems)
{
	struct sync_settings *old = hub->settings;
	GPtrArray *connectors = problems->len ? NULL : take_stock(settings, problems);

	if (!connectors) {
		sync_settings_free(settings);
		return FALSE;
	}
	tell_what_waits(hub->first, settings);
	pthread_mutex_lock(&hub->lock);
	set_places(hub, settings);
	hub->settings = settings;
	g_ptr_array_unref(hub->connectors);
	hub->connectors = connectors;
	/* The first settings have been handed out. The store's place is theirs too: it does not move while we run. */
	g_free(settings->store);
	settings->store = g_strdup(hub->first->store);
	pthread_mutex_unlock(&hub->lock);
	if (old != hub->first)
		sync_settings_free(old);
	store_writer_push(hub->writer, teams_job, teams_of(settings), teams_told);
	sync_queue_wake(hub);
	return TRUE;
}

/* ---- the end ---- */

void sync_hub_stop(sync_hub *hub)
{
	hub->stopping = TRUE;
	for (guint i = 0; i < hub->places->len; i++) {
		struct sync_place *place = hub->places->pdata[i];

		if (place->run)
			sync_run_stop(place->run, SYNC_CUT_SHUTDOWN);
	}
	g_main_context_wakeup(NULL);
}

static gboolean time_is_up(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_CONTINUE;
}

void sync_hub_free(sync_hub *hub)
{
	gboolean late = FALSE;
	guint timer;

	if (!hub)
		return;
	sync_hub_stop(hub);
	timer = g_timeout_add_seconds((guint)MIN(hub->settings->grace, 3600) + END_SECONDS, time_is_up, &late);
	while (hub->running && !late)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(timer);
	if (hub->running) {
		/* Their connectors die with us; the store is as of the last checkpoint. What they hold is not given
		 * back. */
		base_log(BASE_WARNING, "%u runs did not end in time; the next start finds them lost", hub->running);
		return;
	}
	g_autofree char *temp = sync_temp_root(hub->first->store);

	sync_temp_remove(temp);
	store_writer_call(hub->writer, leave_job, hub, NULL);
	g_source_destroy(hub->wake);
	g_source_unref(hub->wake);
	g_ptr_array_unref(hub->places);
	g_ptr_array_unref(hub->connectors);
	if (hub->settings != hub->first)
		sync_settings_free(hub->settings);
	sync_settings_free(hub->first);
	pthread_mutex_destroy(&hub->lock);
	g_free(hub);
}

/* ---- what any thread may ask ---- */

static struct sync_place *find(sync_hub *hub, const char *name, GError **error)
{
	struct sync_place *place = sync_hub_place(hub, name);

	if (place && place->source)
		return place;
	g_set_error(error, SYNC_ERROR, SYNC_ERROR_ABSENT, "there is no source \"%s\"", name);
	return NULL;
}

gboolean sync_hub_start(sync_hub *hub, const char *source, GError **error)
{
	g_autoptr(sync_locker) locker = sync_locker_new(&hub->lock);
	struct sync_place *place = find(hub, source, error);

	(void)locker;
	if (!place)
		return FALSE;
	if (place->state.running || place->state.queued) {
		g_set_error(error, SYNC_ERROR, SYNC_ERROR_BUSY, "source %s is being read already", source);
		return FALSE;
	}
	sync_queue_add(hub, place);
	sync_queue_wake(hub);
	return TRUE;
}

struct cancel {
	sync_hub *hub;
	char *source;
};

static void cancel_free(gpointer data)
{
	struct cancel *cancel = data;

	g_free(cancel->source);
	g_free(cancel);
}

static gboolean cancel_in_main(gpointer data)
{
	struct cancel *cancel = data;
	struct sync_place *place = sync_hub_place(cancel->hub, cancel->source);

	if (place && place->run)
		sync_run_stop(place->run, SYNC_CUT_CANCEL);
	return G_SOURCE_REMOVE;
}

gboolean sync_hub_cancel(sync_hub *hub, const char *source, GError **error)
{
	g_autoptr(sync_locker) locker = sync_locker_new(&hub->lock);
	struct sync_place *place = find(hub, source, error);

	(void)locker;
	if (!place)
		return FALSE;
	place->state.queued = FALSE;
	place->changed = TRUE;
	sync_queue_wake(hub);
	if (place->state.running) {
		struct cancel *cancel = g_new0(struct cancel, 1);

		cancel->hub = hub;
		cancel->source = g_strdup(source);
		g_idle_add_full(G_PRIORITY_DEFAULT, cancel_in_main, cancel, cancel_free);
	}
	return TRUE;
}

static struct sync_state *state_copy(const struct sync_state *state)
{
	struct sync_state *copy = g_memdup2(state, sizeof *state);

	copy->name = g_strdup(state->name);
	copy->connector = g_strdup(state->connector);
	copy->schedule = g_strdup(state->schedule);
	copy->what = g_strdup(state->what);
	copy->readers = g_strdupv(state->readers);
	copy->team = g_strdup(state->team);
	copy->verdict = g_strdup(state->verdict);
	copy->reason = g_strdup(state->reason);
	copy->message = g_strdup(state->message);
	return copy;
}

void sync_state_free(struct sync_state *state)
{
	if (state)
		state_clear(state);
	g_free(state);
}

const struct sync_state *sync_state_named(const GPtrArray *states, const char *source)
{
	for (guint i = 0; i < states->len; i++) {
		const struct sync_state *state = states->pdata[i];
		if (!strcmp(state->name, source))
			return state;
	}
	return NULL;
}

static void state_free(gpointer data)
{
	sync_state_free(data);
}

GPtrArray *sync_hub_states(sync_hub *hub)
{
	g_autoptr(sync_locker) locker = sync_locker_new(&hub->lock);
	GPtrArray *states = g_ptr_array_new_with_free_func(state_free);

	(void)locker;
	for (guint i = 0; i < hub->places->len; i++)
		g_ptr_array_add(states, state_copy(&((struct sync_place *)hub->places->pdata[i])->state));
	return states;
}

json_t *sync_hub_connectors(sync_hub *hub)
{
	g_autoptr(sync_locker) locker = sync_locker_new(&hub->lock);

	(void)locker;
	return sync_connectors_json(hub->connectors);
}

gboolean sync_hub_check(sync_hub *hub, const char *source, char **message, GError **error)
{
	struct sync_run_spec spec = {0};

	*message = NULL;
	pthread_mutex_lock(&hub->lock);
	struct sync_place *place = find(hub, source, error);
	gint64 grace = hub->settings->grace;

	g_autofree char *temp = sync_temp_root(hub->settings->store);

	if (place)
		sync_queue_options(hub, place->source, &spec);
	pthread_mutex_unlock(&hub->lock);
	if (place && spec.problem)
		*message = g_steal_pointer(&spec.problem);
	else if (place)
		*message = sync_connector_check(spec.plugin, source, spec.options, temp, grace);
	g_free(spec.plugin);
	sync_options_free(spec.options);
	return place && !*message;
}

void sync_hub_listen(sync_hub *hub, sync_listener listener, gpointer user)
{
	hub->listener = listener;
	hub->listener_user = user;
}

void sync_hub_tell(sync_hub *hub, const char *source)
{
	if (hub->listener)
		hub->listener(source, hub->listener_user);
}

store_writer *sync_hub_writer(sync_hub *hub)
{
	return hub->writer;
}
