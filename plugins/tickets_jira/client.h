/* SPDX-License-Identifier: ISC
 *
 * client: one question to Jira's REST API, and what its answers mean. */
#pragma once

#include "jira.h"

struct answer {
	const char *body; /* borrowed until the next question */
	size_t length;
	int status;
};

enum { ABSENT_FAILS, ABSENT_IS_FINE }; /* 404 */

/* GET url + path (with its query). 0 and an answer; what host->fail returned, having said what is wrong and what to do.
 */
int client_get(struct jira *j, const char *path, int absent, struct answer *answer);
/* The same, read as one JSON object; NULL in `json` if the status was 404 and that is fine. The caller frees it. */
int client_json(struct jira *j, const char *path, int absent, json_t **json);
