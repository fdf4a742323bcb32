/* SPDX-License-Identifier: ISC
 *
 * meri/connector.h: all that a connector may see. ABI 1.
 *
 * A connector is a shared object that exports one symbol, `meri_connector`, through MERI_CONNECTOR. It runs in a
 * process of its own, once per run, and knows neither the store nor other sources. It links against nothing of
 * Meri's: the host hands it a table of functions. plugins/README.md is the guide, plugins/skeleton.c compiles.
 *
 * Rules that hold everywhere:
 * - Pointers are borrowed. The host copies what it is given before it returns; what it hands out stays valid as
 *   long as the function says. Nothing is freed across the border.
 * - Text is UTF-8 and ends with NUL. The host repairs invalid UTF-8 (U+FFFD) and counts that as left out.
 * - NULL, 0 and an empty array mean "not known", so a zeroed struct is a valid beginning.
 * - Times are seconds since 1970-01-01 00:00:00 UTC.
 * - A function that returns int returns 0 to go on, and MERI_STOP when the run is over (cancelled, deadline, limit):
 *   return from sync as soon as you can, with any value.
 * - Call the host from the thread that called you. stdout and stderr are captured into the run's log.
 * - Structs that begin with `size` grow at their end only, and the host reads no more of them than `size` says.
 *   meri_pair, meri_party and meri_span never grow. MERI_ABI is raised when a meaning changes. */
#ifndef MERI_CONNECTOR_H
#define MERI_CONNECTOR_H

#include <stddef.h>
#include <stdint.h>

#define MERI_ABI 1u
#define MERI_STOP (-1)

/* ---- what a connector declares ---- */

enum meri_option_kind {
	MERI_TEXT = 1, /* any text */
	MERI_PATH,     /* file or folder; handed over absolute, relative ones count from the settings file */
	MERI_URL,      /* http or https */
	MERI_NUMBER,   /* whole number; handed over in decimal */
	MERI_SWITCH,   /* yes, no; handed over as "1" or "0" */
	MERI_DURATION, /* 90s, 15m, 2h, 3d, 4w; handed over in seconds */
	MERI_CHOICE,   /* one of `choices` */
	MERI_LIST      /* values with commas between; handed over with one '\n' between two, blanks trimmed */
};

struct meri_option {
	const char *name;           /* as in the settings file: lower case, hyphens */
	enum meri_option_kind kind;
	const char *initial;        /* default as one would write it in the settings, or NULL */
	const char *help;           /* one sentence for `meri connector describe` */
	const char *choices;        /* MERI_CHOICE: "one two three" */
	unsigned required : 1;
	unsigned secret : 1;        /* never shown or logged; may come from a file or the environment */
};

/* ---- a record: one thing that somebody wrote, said or keeps about a customer ---- */

enum meri_kind {
	MERI_ACCOUNT = 1, MERI_PERSON, MERI_MESSAGE, MERI_TICKET, MERI_COMMENT,
	MERI_NOTE, MERI_DOCUMENT, MERI_DEAL, MERI_EVENT
};

struct meri_pair {
	const char *name, *value;
};

struct meri_party {
	const char *role;         /* from, to, cc, author, assignee, reporter, owner, contact, attendee, ... */
	const char *name;         /* as displayed */
	const char *address;      /* e-mail address, or another address with its scheme: tel:+358..., user:jdoe */
	const char *organisation; /* whom they speak for, if the source says */
};

struct meri_span {
	size_t start, length; /* bytes */
};

struct meri_record {
	size_t size;             /* sizeof(struct meri_record) */
	const char *id;          /* stable and unique within the source; 1 to 1,000 bytes */
	enum meri_kind kind;
	const char *title, *text;
	const char *url;         /* where a person can open the original */
	const char *thread;      /* the same for all records of one conversation */
	const char *parent;      /* id of the record that this one answers or is a part of */
	int64_t occurred, updated;
	const char *language;    /* BCP 47, if the source says */

	const char *item;        /* the listed thing (a file, say) that it came out of; NULL: the record itself */
	const char *fingerprint; /* given with the last record of an item: read whole under this fingerprint */

	const struct meri_party *parties;
	size_t n_parties;
	const struct meri_pair *hints; /* whose is it: crm-id, business-id, domain, e-mail, phone, name */
	size_t n_hints;
	const struct meri_pair *fields; /* free: status, priority, amount, ...; a name may repeat */
	size_t n_fields;
	const struct meri_span *quoted; /* parts of text that others wrote before, or signatures; ascending */
	size_t n_quoted;
	const struct meri_pair *left_out; /* what could not be read, and why: {"attachment plan.dwg", "no reader"} */
	size_t n_left_out;
	const char *const *readers; /* who may read it, as the source names them; NULL: the source does not say */
	size_t n_readers;
};

/* ---- what the host offers ---- */

enum meri_level { MERI_DEBUG = 1, MERI_INFO, MERI_WARNING, MERI_ERROR };

enum meri_class {
	MERI_CONFIG = 1, /* the settings are wrong: an admin must act */
	MERI_AUTH,       /* refused: an admin must act */
	MERI_RATE,       /* told to come back later: the run counts as partial */
	MERI_TRANSIENT,  /* network, lock, time-out: the next run may do better */
	MERI_BUG         /* the connector met what it cannot explain */
};

struct meri_request {
	size_t size;
	const char *url;
	const char *method;               /* NULL: GET, or POST where there is a body */
	const struct meri_pair *headers;
	size_t n_headers;
	const void *body;
	size_t body_length;
	const char *user, *password;      /* basic authentication, sent to the URL's own host only */
	const char *if_none_match;        /* an ETag seen before: the reply may be 304 without a body */
	const char *if_modified_since;    /* a Last-Modified seen before */
	size_t max_bytes;                 /* of the body; 0: 64 MiB */
};

struct meri_reply {
	size_t size;
	int status;                       /* HTTP status */
	const char *body;                 /* ends with NUL; all borrowed until the next fetch */
	size_t length;
	const char *url;                  /* after redirects */
	const char *media_type, *etag, *last_modified, *link, *retry_after;
};

struct meri_blob {
	size_t size;
	const void *bytes;
	size_t length;
	const char *name;       /* file name, if any */
	const char *media_type; /* as the source claims, if it does */
};

struct meri_host {
	size_t size;
	uint32_t abi;

	/* A declared option's value, or its default; NULL if neither. Valid for the whole run. */
	const char *(*option)(const struct meri_host *, const char *name);
	/* What the last durable checkpoint said; NULL on a first run or after a reset. Valid for the whole run. */
	const char *(*cursor)(const struct meri_host *);

	/* Add or replace the record with this id. Putting the same again changes nothing. */
	int (*put)(const struct meri_host *, const struct meri_record *);
	/* The source says that this record is gone. */
	int (*remove)(const struct meri_host *, const char *id);
	/* 1 if `item` was read whole under this fingerprint before: all records of it then count as seen, and need
	 * not be put. 0 if not, or not known. Costs no round trip. */
	int (*unchanged)(const struct meri_host *, const char *item, const char *fingerprint);
	/* One record or item could not be read: counted, listed, tried again next time; what is stored of it stays. */
	int (*skip)(const struct meri_host *, const char *id, const char *why);
	/* Make all since the last checkpoint, and the cursor, durable in one transaction. Returns when it is. */
	int (*checkpoint)(const struct meri_host *, const char *cursor);
	/* This run has listed all there is: at its end, records neither put, unchanged nor skipped are gone from
	 * the source. Without this word nothing is removed by absence. */
	int (*complete)(const struct meri_host *);
	/* For people who wait: done of total (0: not known), and what is at hand. */
	int (*progress)(const struct meri_host *, uint64_t done, uint64_t total, const char *what);

	/* The HTTP client: TLS verified, redirects and size bounded, paced, retried. 0 if there is a reply, of whatever
	 * status; else the class to fail with, the reason logged. 429 that outlasts the retries is MERI_RATE. */
	int (*fetch)(const struct meri_host *, const struct meri_request *, struct meri_reply *);
	/* Text of HTML, XML, office documents, PDF and plain text in any charset; NULL if it cannot be had. *why is the reason,
	 * or with a text what of the file is missing in it, or NULL. Both are borrowed until the next text_of. */
	const char *(*text_of)(const struct meri_host *, const struct meri_blob *, const char **why);

	void (*log)(const struct meri_host *, enum meri_level, const char *format, ...) __attribute__((format(printf, 3, 4)));
	/* Says why the run cannot go on; `return host->fail(...)` from check or sync. `after`: seconds until a new try
	 * makes sense, 0 if not known. What was checkpointed stays. */
	int (*fail)(const struct meri_host *, enum meri_class, int64_t after, const char *format, ...)
		__attribute__((format(printf, 4, 5)));
};

/* ---- the one symbol ---- */

struct meri_connector {
	uint32_t abi, size, option_size; /* filled in by MERI_CONNECTOR */
	const char *name, *summary;
	const struct meri_option *options;                /* ends with an entry without a name */
	int (*check)(const struct meri_host *);           /* can it work? quick, reads nothing in bulk, puts nothing */
	int (*sync)(const struct meri_host *);            /* one run; 0, or what fail returned */
};

#define MERI_CONNECTOR(...)                                                                                            \
	__attribute__((visibility("default"))) extern const struct meri_connector meri_connector;                      \
	const struct meri_connector meri_connector = {MERI_ABI, sizeof(struct meri_connector),                         \
						      sizeof(struct meri_option), __VA_ARGS__}

#endif
