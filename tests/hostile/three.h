/* What most of these connectors do before they misbehave: put three records, "kept-1" to "kept-3", and checkpoint with
 * the cursor "three". After the run these three must be found, and nothing that came after them. A connector that is
 * asked to be good (option `good` = yes) does only this. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "meri/connector.h"

static const struct meri_option options[] = {
	{.name = "good",
	 .kind = MERI_SWITCH,
	 .initial = "no",
	 .help = "Do nothing but put three records and checkpoint"},
	{.name = NULL},
};

static inline int put_one(const struct meri_host *h, const char *prefix, int number, const char *text)
{
	char id[40], title[60];
	snprintf(id, sizeof id, "%s-%d", prefix, number);
	snprintf(title, sizeof title, "Record %s", id);
	return h->put(
		h,
		&(struct meri_record){
			.size = sizeof(struct meri_record), .id = id, .kind = MERI_NOTE, .title = title, .text = text});
}

/* 0: go on and misbehave; else return from sync with 0. */
static inline int three(const struct meri_host *h)
{
	const char *good = h->option(h, "good");
	for (int i = 1; i <= 3; i++)
		put_one(h, "kept", i, "what was checkpointed is kept");
	if (h->checkpoint(h, "three") != 0)
		return 1;
	return good && *good == '1';
}

#define HOSTILE(name, summary, sync) MERI_CONNECTOR(name, summary, options, NULL, sync)
