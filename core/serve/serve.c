/* The daemon's face as a whole: its beginning and its end, and what each of its threads owns. */
#include <sodium.h>
#include <string.h>
#include <zlib.h>

#include "base/base.h"
#include "serve/events.h"
#include "serve/inside.h"
#include "serve/login.h"
#include "serve/parse.h"
#include "serve/trail.h"

enum {
	LEAST_READERS = 4,
	MOST_READERS = 16,
	CHANGERS = 4,       /* they mostly wait */
	SECRET_KEEPERS = 1, /* 64 MiB and a tenth of a second for each password */
	MOST_READING = 2048,
	MOST_CHANGING = 256,
	MOST_SECRETS = 32,
	SWEEP_SECONDS = 5,
	THROTTLE_SECONDS = 15 * 60,
	WRONG_BY_NAME = 5,
	WRONG_BY_ADDRESS = 20,
	MOST_KEYS = 20000,
	FIND_BURST = 2 /* seconds' worth */
};

/* ---- what a worker owns ---- */

static void worker_free(gpointer data)
{
	struct serve_worker *worker = data;
	store_close(worker->open);
	store_close(worker->fenced);
	text_analyser_free(worker->analyser);
	identity_free(worker->who);
	if (worker->packer)
		deflateEnd(worker->packer);
	g_free(worker->packer);
	g_free(worker);
}

static GPrivate own_worker = G_PRIVATE_INIT(worker_free);

struct serve_worker *serve_worker_get(struct serve *serve, GError **error)
{
	struct serve_worker *worker = g_private_get(&own_worker);
	const struct sync_settings *settings = serve->settings;
	if (worker)
		return worker;
	store *s = store_open(settings->store, STORE_READ, settings->language, error);
	if (s && !lookup_prepare(s, error))
		g_clear_pointer(&s, store_close);
	if (!s)
		return NULL;
	worker = g_new0(struct serve_worker, 1);
	worker->store = worker->open = s;
	worker->analyser = text_analyser_new(settings->language);
	struct identity_settings about = sync_identity_settings(settings);
	worker->who = identity_new(&about);
	g_private_set(&own_worker, worker);
	return worker;
}

static void work(gpointer task, gpointer user)
{
	struct serve_job *job = task;
	job->run(job, user);
}

static gboolean pools_new(struct serve *serve, GError **error)
{
	guint readers = CLAMP(2 * g_get_num_processors(), LEAST_READERS, MOST_READERS);
	serve->reading = serve_pool_new("read", readers, MOST_READING, work, serve);
	serve->searching = serve_pool_new("search", MAX(readers / 2, 2), MOST_READING, work, serve);
	serve->changing = serve_pool_new("change", CHANGERS, MOST_CHANGING, work, serve);
	serve->secrets = serve_pool_new("secret", SECRET_KEEPERS, MOST_SECRETS, work, serve);
	if (serve->reading && serve->searching && serve->changing && serve->secrets)
		return TRUE;
	g_set_error(error, SERVE_ERROR, 0, "the threads that answer could not be started");
	return FALSE;
}

/* ---- how browsers reach us ---- */

static const char *tcp_address(const struct serve *serve)
{
	for (guint i = 0; i < serve->listeners->len; i++) {
		const struct serve_listener *listener = serve->listeners->pdata[i];
		if (listener->tcp)
			return listener->address;
	}
	return NULL;
}

/* An address that a browser on this machine can ask: that of "all" is none. */
static char *link_to(const char *address)
{
	const char *port = strrchr(address, ':');
	gboolean all = g_str_has_prefix(address, "0.0.0.0:") || g_str_has_prefix(address, "[::]:");
	return g_strconcat("http://", all ? "localhost" : address, all ? port : NULL, NULL);
}

static void set_names(struct serve *serve)
{
	const struct sync_settings *settings = serve->settings;
	const char *url = settings->public_url, *address = tcp_address(serve);
	g_autoptr(GStrvBuilder) hosts = g_strv_builder_new();
	g_autofree char *listen = NULL, *port = NULL;
	g_autofree char *host = url ? serve_parse_host(strstr(url, "://") + 3) : NULL;
	if (host)
		g_strv_builder_add(hosts, host);
	if (settings->listen && serve_parse_listen(settings->listen, &listen, &port))
		g_strv_builder_add(hosts, listen);
	serve->hosts = g_strv_builder_end(hosts);
	serve->secure = url && g_str_has_prefix(url, "https://");
	serve->link = url ? g_strdup(url) : address ? link_to(address) : NULL;
}

/* ---- the first admin ---- */

struct first {
	gboolean any;
	char *key;
};

static gboolean first_job(store *s, gpointer user, GError **error)
{
	struct first *first = user;
	if (!store_users_any(s, &first->any, error))
		return FALSE;
	if (!first->any)
		first->key = store_key_new(s, 0, base_now(), SERVE_KEY_SECONDS, error);
	return first->any || first->key;
}

/* As long as there is no admin, each start makes a new link that makes one. */
static void welcome_first(struct serve *serve)
{
	g_autoptr(GError) error = NULL;
	struct first first = {0};
	if (!serve->link)
		return;
	if (!store_writer_call(sync_hub_writer(serve->hub), first_job, &first, &error)) {
		base_log(BASE_ERROR, "there may be no admin yet, and none can be made: %s", error->message);
		return;
	}
	if (!first.key)
		return;
	g_autofree char *link = serve_welcome_link(serve, first.key);
	base_log(BASE_INFO, "there is no admin yet: whoever opens this link becomes the first one: %s", link);
	pthread_mutex_lock(&serve->lock);
	serve->first_key = first.key;
	pthread_mutex_unlock(&serve->lock);
}

char *serve_first_link(struct serve *serve, store *s)
{
	gboolean any = FALSE;
	if (!store_users_any(s, &any, NULL) || any)
		return NULL;
	pthread_mutex_lock(&serve->lock);
	char *link = serve->first_key ? serve_welcome_link(serve, serve->first_key) : NULL;
	pthread_mutex_unlock(&serve->lock);
	return link;
}

/* ---- beginning and end ---- */

static gboolean begin(struct serve *serve, GError **error)
{
	const struct sync_settings *settings = serve->settings;
	store_writer *writer = sync_hub_writer(serve->hub);
	serve->names = serve_throttle_new(WRONG_BY_NAME, THROTTLE_SECONDS, MOST_KEYS);
	serve->addresses = serve_throttle_new(WRONG_BY_ADDRESS, THROTTLE_SECONDS, MOST_KEYS);
	if (settings->find_rate)
		serve->finds = serve_throttle_new(FIND_BURST * settings->find_rate, FIND_BURST, MOST_KEYS);
	serve->trail = serve_trail_new(writer, settings->audit_keep);
	serve->keep = serve_keep_new();
	serve->events = serve_events_new(serve);
	serve->sweep = g_timeout_add_seconds(SWEEP_SECONDS, serve_sweep, serve);
	if (!pools_new(serve, error) || !serve_bind(serve, error))
		return FALSE;
	set_names(serve);
	welcome_first(serve);
	return serve_listen(serve, error);
}

struct serve *serve_new(const struct sync_settings *settings, sync_hub *hub, GError **error)
{
	struct serve *serve = g_new0(struct serve, 1);
	serve->hub = hub;
	serve->settings = settings;
	serve->listeners = g_ptr_array_new_with_free_func(serve_listener_free);
	pthread_mutex_init(&serve->lock, NULL);
	g_queue_init(&serve->guests);
	randombytes_buf(serve->proxy_secret, sizeof serve->proxy_secret);
	if (begin(serve, error))
		return serve;
	serve_free(serve);
	return NULL;
}

/* Requests that were laid aside go on first: libmicrohttpd does not end with any laid aside. */
static void end_requests(struct serve *serve)
{
	serve_events_stop(serve->events);
	g_source_remove(serve->sweep);
	if (serve->reading)
		serve_pool_stop(serve->reading);
	if (serve->searching)
		serve_pool_stop(serve->searching);
	if (serve->changing)
		serve_pool_stop(serve->changing);
	if (serve->secrets)
		serve_pool_stop(serve->secrets);
	g_ptr_array_unref(serve->listeners);
}

void serve_free(struct serve *serve)
{
	if (!serve)
		return;
	end_requests(serve);
	serve_pool_free(serve->reading);
	serve_pool_free(serve->searching);
	serve_pool_free(serve->changing);
	serve_pool_free(serve->secrets);
	serve_events_free(serve->events);
	serve_keep_free(serve->keep);
	serve_trail_free(serve->trail);
	serve_throttle_free(serve->names);
	serve_throttle_free(serve->addresses);
	serve_throttle_free(serve->finds);
	g_strfreev(serve->hosts);
	g_free(serve->link);
	g_free(serve->first_key);
	pthread_mutex_destroy(&serve->lock);
	g_free(serve);
}
