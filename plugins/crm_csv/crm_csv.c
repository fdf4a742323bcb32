/* crm_csv: exports of a CRM in CSV, a folder of them or one file. Each row becomes a record (account, person, deal,
 * event, note, ticket, or a document where nobody knows what a row is) or a named failure. A file is an item: what has
 * not changed since the last run is not read. */
#include "crm_csv.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "encoding.h"
#include "seen.h"

static const struct meri_option options[] = {
	{.name = "path", .kind = MERI_PATH, .required = 1, .help = "Folder with the exported files, or one file."},
	{.name = "files",
	 .kind = MERI_LIST,
	 .initial = "*.csv, *.tsv, *.tab, *.txt",
	 .help = "Which files of the folder are read."},
	{.name = "preset",
	 .kind = MERI_CHOICE,
	 .initial = "auto",
	 .choices = "auto salesforce hubspot dynamics suitecrm espocrm odoo none",
	 .help = "The CRM that the files come from; auto finds out, none goes by common column names only."},
	{.name = "delimiter",
	 .kind = MERI_CHOICE,
	 .initial = "auto",
	 .choices = "auto comma semicolon tab pipe colon",
	 .help = "What stands between two cells."},
	{.name = "encoding",
	 .kind = MERI_TEXT,
	 .help = "What the files are written in (UTF-8, windows-1252, ...); found out if not given."},
	{.name = "dates",
	 .kind = MERI_CHOICE,
	 .initial = "auto",
	 .choices = "auto dmy mdy ymd",
	 .help = "How dates such as 3/4/2025 are meant."},
	{.name = "decimal",
	 .kind = MERI_CHOICE,
	 .initial = "auto",
	 .choices = "auto comma point",
	 .help = "The decimal point of amounts."},
	{.name = "timezone",
	 .kind = MERI_TEXT,
	 .help = "Zone of times without one, as Europe/Helsinki; this machine's if not given."},
	{.name = "url-template",
	 .kind = MERI_TEXT,
	 .help = "Where a record can be opened: https://crm.example/{kind}/{id}."},
	{.name = "account-map",
	 .kind = MERI_LIST,
	 .help = "Columns of account files: id=AccountID, title=Company Name, ..."},
	{.name = "person-map",
	 .kind = MERI_LIST,
	 .help = "Columns of files of people: id=..., first-name=..., account=..., email=..."},
	{.name = "deal-map",
	 .kind = MERI_LIST,
	 .help = "Columns of files of deals: id=..., title=..., account=..., amount=..., stage=..."},
	{.name = "event-map",
	 .kind = MERI_LIST,
	 .help = "Columns of files of activities: id=..., title=..., start=..., text=..."},
	{.name = "note-map",
	 .kind = MERI_LIST,
	 .help = "Columns of files of notes: id=..., title=..., text=..., account=..."},
	{.name = "ticket-map",
	 .kind = MERI_LIST,
	 .help = "Columns of files of tickets: id=..., title=..., status=..., account=..."},
	{.name = "account-files",
	 .kind = MERI_LIST,
	 .help = "Files that hold accounts, as customers*.csv; found out if not given."},
	{.name = "person-files", .kind = MERI_LIST, .help = "Files that hold people."},
	{.name = "deal-files", .kind = MERI_LIST, .help = "Files that hold deals."},
	{.name = "event-files", .kind = MERI_LIST, .help = "Files that hold activities."},
	{.name = "note-files", .kind = MERI_LIST, .help = "Files that hold notes."},
	{.name = "ticket-files", .kind = MERI_LIST, .help = "Files that hold tickets."},
	{.name = NULL},
};

/* ---- settings ---- */

static const char *text_option(const struct meri_host *host, const char *name)
{
	const char *value = host->option(host, name);

	return value && *value ? value : NULL;
}

static char choice(const char *value, const char *const *words, const char *meant)
{
	for (size_t i = 0; value && words[i]; i++)
		if (!strcmp(value, words[i]))
			return meant[i];
	return 0;
}

/* Everything that decides what a file is read as: a change of it means reading all files again. */
static uint64_t digest(const struct meri_host *host)
{
	uint64_t hash = seen_hash(CRM_READING, "", 0);

	for (const struct meri_option *option = options; option->name; option++) {
		const char *value = host->option(host, option->name);
		if (strcmp(option->name, "path") != 0 && strcmp(option->name, "files") != 0)
			hash = seen_hash(hash, value ? value : "", value ? strlen(value) + 1 : 0);
	}
	return hash;
}

static void read_settings(struct crm *crm, const struct meri_host *host)
{
	static const char *const delimiters[] = {"comma", "semicolon", "tab", "pipe", "colon", NULL};
	static const char *const dates[] = {"dmy", "mdy", "ymd", NULL}, *const points[] = {"comma", "point", NULL};
	const char *zone = text_option(host, "timezone");
	char name[64];

	*crm = (struct crm){.host = host, .path = host->option(host, "path"), .patterns = text_option(host, "files")};
	if (!crm->patterns)
		crm->patterns = "*.csv\n*.tsv\n*.tab\n*.txt";
	crm->encoding = text_option(host, "encoding");
	crm->url_template = text_option(host, "url-template");
	crm->delimiter = choice(host->option(host, "delimiter"), delimiters, ",;\t|:");
	crm->dates = choice(host->option(host, "dates"), dates, "dmy");
	crm->point = choice(host->option(host, "decimal"), points, ",.");
	crm->map.preset = text_option(host, "preset");
	if (!crm->map.preset)
		crm->map.preset = "auto";
	for (int object = ACCOUNT; object < OTHER; object++) {
		snprintf(name, sizeof name, "%s-map", object_name((enum object)object));
		crm->map.maps[object] = text_option(host, name);
		snprintf(name, sizeof name, "%s-files", object_name((enum object)object));
		crm->map.files[object] = text_option(host, name);
	}
	crm->digest = digest(host);
	if (zone) {
		setenv("TZ", zone, 1);
		tzset();
	}
}

static int check_settings(const struct crm *crm)
{
	const struct meri_host *host = crm->host;
	char why[1024];

	if (!crm->path || !*crm->path)
		return host->fail(host, MERI_CONFIG, 0, "path is not set: name the folder with the exported files");
	if (crm->encoding && !encoding_known(crm->encoding))
		return host->fail(host, MERI_CONFIG, 0,
				  "encoding: \"%s\" is not known here; `iconv -l` lists those that are", crm->encoding);
	for (int object = ACCOUNT; object < OTHER; object++)
		if (crm->map.maps[object] && map_problem(crm->map.maps[object], why, sizeof why))
			return host->fail(host, MERI_CONFIG, 0, "%s-map: %s", object_name((enum object)object), why);
	return 0;
}

static int list(struct crm *crm)
{
	const struct meri_host *host = crm->host;

	if (files_list(&crm->files, crm->path, crm->patterns))
		return 0;
	int error = errno;
	files_clear(&crm->files);
	return host->fail(host, error == ENOMEM ? MERI_TRANSIENT : MERI_CONFIG, 0, "%s: %s", crm->path,
			  strerror(error));
}

/* ---- the two calls ---- */

static int check(const struct meri_host *host)
{
	struct crm crm;
	int rc;

	read_settings(&crm, host);
	rc = check_settings(&crm);
	if (rc || (rc = list(&crm)))
		return rc;
	if (!crm.files.count && !crm.files.n_unread)
		host->log(host, MERI_WARNING, "%s: no file in it matches `files`", crm.path);
	else if (crm.files.n_unread)
		rc = host->fail(host, MERI_CONFIG, 0, "%s: cannot be listed: %s", crm.path, crm.files.unread[0]);
	files_clear(&crm.files);
	return rc;
}

static int read_files(struct crm *crm)
{
	const struct meri_host *host = crm->host;

	for (size_t i = 0; i < crm->files.count; i++) {
		if (host->progress(host, i, crm->files.count, crm->files.paths[i]) ||
		    crm_file(crm, crm->files.paths[i]))
			return MERI_STOP;
	}
	return 0;
}

static int sync_run(const struct meri_host *host)
{
	struct crm crm;
	int rc;

	read_settings(&crm, host);
	rc = check_settings(&crm);
	if (rc || (rc = list(&crm)))
		return rc;
	for (size_t i = 0; i < crm.files.n_unread && !rc; i++)
		rc = host->skip(host, crm.files.unread[i],
				"the folder cannot be listed: give the hub the right to read it");
	if (crm.files.links)
		host->log(host, MERI_INFO, "%zu links in %s were not followed", crm.files.links, crm.path);
	if (!crm.files.count)
		host->log(host, MERI_WARNING, "%s: no file in it matches `files`; what is stored stays", crm.path);
	if (!rc)
		rc = read_files(&crm);
	if (!rc && crm.files.count && !crm.files.n_unread)
		rc = host->complete(host);
	files_clear(&crm.files);
	return rc;
}

MERI_CONNECTOR("crm_csv", "Exports of a CRM in CSV: accounts, people, deals, activities, tickets.", options, check,
	       sync_run);
