/* SPDX-License-Identifier: ISC
 *
 * jira: what the parts of tickets_jira share: the settings of this run, and how an issue becomes records.
 *
 * An issue is one record of kind ticket and one of kind comment for each comment. Ids are the numbers that Jira gives
 * and never changes ("issue:61970", "comment:125378"): the key (ABC-12) changes when an issue is moved to another
 * project, and stands in title, url and fields instead. Only where an export has no number the key is the id. All
 * records of an issue share `thread` and have the ticket as `parent`. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "buffer.h"
#include "meri/connector.h"
#include "text.h"

/* Raised when the same JSON would give other records: it is part of every fingerprint, so that all is read again. */
#define JIRA_RULES 1

#define JIRA_CHECKPOINT 800 /* records between two checkpoints */

struct customer_field {
	const char *field, *scheme; /* "customfield_10100", "name" */
};

struct jira {
	const struct meri_host *host;
	/* settings */
	const char *path, *url, *browse, *user, *token, *jql, *projects;
	int api; /* 2 or 3; 0: ask the server */
	long page_size;
	int64_t reconcile, overlap; /* seconds */
	struct customer_field *customers;
	size_t n_customers;
	uint64_t rules; /* digest of all that decides how an issue becomes records */
	/* this run */
	json_t *names; /* custom field -> what people call it; NULL if not known */
	uint64_t since_checkpoint, tickets, comments;
	struct arena settings;
	/* used anew for each issue */
	struct arena arena;
	struct text text;
	struct buffer title;
};

/* Reads and judges the options; 0 or what host->fail returned. jira_close frees. */
int jira_open(struct jira *j, const struct meri_host *host);
void jira_close(struct jira *j);

/* ---- issue.c ---- */

/* NULL if it is an issue, else why not. */
const char *issue_refusal(json_t *issue);
/* Its id as used for records, in `out`. */
void issue_id(json_t *issue, char *out, size_t room);
int64_t issue_updated(json_t *issue, int64_t *milliseconds);
/* Puts ticket and comments. `fingerprint` goes with the last of them; NULL: none. 0 or MERI_STOP. */
int issue_put(struct jira *j, json_t *issue, const char *item, const char *fingerprint);

/* ---- fields.c ---- */

/* Lists of a record that is being built; all in the arena of the run's current issue. */
struct draft {
	struct jira *j;
	struct meri_pair *fields, *hints, *left_out;
	struct meri_party *parties;
	const char **readers;
	size_t n_fields, n_hints, n_left_out, n_parties, n_readers;
};

void draft_field(struct draft *d, const char *name, const char *value); /* NULL or "" is not added; value is copied */
void draft_hint(struct draft *d, const char *scheme, const char *value);
void draft_left_out(struct draft *d, const char *what, const char *why);
void draft_party(struct draft *d, const char *role, json_t *user);
void draft_reader(struct draft *d, const char *name);
/* All of an issue's fields that are not its text. */
void draft_issue(struct draft *d, json_t *issue);

/* "name", "value", "displayName", a string or a number as text; in the arena, NULL if it is none of these. */
const char *json_words(struct jira *j, json_t *value);

/* ---- the two ways to the issues ---- */
int folder_check(struct jira *j);
int folder_sync(struct jira *j);
int live_check(struct jira *j);
int live_sync(struct jira *j);
