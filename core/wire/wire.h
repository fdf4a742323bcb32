/* wire: the frames between the daemon and a connector process. Both sides link it; neither trusts the other.
 *
 * A frame is a length (4 bytes, little-endian, of the payload), a type (1 byte) and a payload: one GVariant in normal
 * form, little-endian, of the type that wire_payload_type() gives for the frame type; a record's is bytes in a form of
 * their own. A length over WIRE_MAX_PAYLOAD, an unknown type, or a payload that is not in normal form ends the
 * conversation: the reader gets an error that says what was wrong, and never memory outside the frame.
 *
 * The conversation, over descriptor 3 of the child (WIRE_FD, a stream socket): the parent sends WIRE_RUN; the child
 * answers with WIRE_HELLO, then any number of the frames of a run, and WIRE_END as its last word. WIRE_CHECKPOINT waits
 * for WIRE_DURABLE. WIRE_STOP may come at any time. A child that cannot even load the connector sends WIRE_FAIL instead
 * of WIRE_HELLO, writes the same line to stderr and exits with a status of 70 or more (see core/host/host.h). */
#pragma once

#include <gio/gio.h>

#include "meri/connector.h"

#define WIRE_MAX_PAYLOAD (64u << 20) /* bytes: the largest record, its text and all */
#define WIRE_HEAD        5u          /* bytes before a payload */
#define WIRE_MAX_ID      1000u       /* bytes of an id, an item, a thread, a parent */
#define WIRE_MAX_TEXT    (32u << 20) /* bytes of a record's text; what is longer is cut and listed as left out */
#define WIRE_MAX_STRING  65536u      /* bytes of any other string of a record */
#define WIRE_MAX_ENTRIES 10000u      /* of each array of a record */

#define WIRE_FD       3 /* in the child: the conversation */
#define WIRE_ITEMS_FD 4 /* in the child: the table of items (wire_items), or closed */

enum wire_type {
	/* parent to child */
	WIRE_RUN = 1, /* job, options, cursor: see wire_run */
	WIRE_DURABLE, /* a checkpoint is in the store; () */
	WIRE_STOP,    /* end now; () */
	/* child to parent */
	WIRE_HELLO = 32, /* who the connector is and what it declares: wire_hello */
	WIRE_RECORD,     /* a record: wire_record_encode */
	WIRE_REMOVE,     /* (s) id */
	WIRE_SEEN,       /* (s) item found unchanged */
	WIRE_SKIP,       /* (ss) id, why */
	WIRE_CHECKPOINT, /* (s) cursor */
	WIRE_COMPLETE,   /* () */
	WIRE_PROGRESS,   /* (tts) done, total, what */
	WIRE_LOG,        /* (us) level, line */
	WIRE_FAIL,       /* (uxs) class, after seconds, why */
	WIRE_END,        /* (i) what check or sync returned */
};

enum wire_job { WIRE_JOB_DESCRIBE = 1, WIRE_JOB_CHECK, WIRE_JOB_SYNC };

#define WIRE_ERROR (wire_error_quark())
GQuark wire_error_quark(void);
enum wire_error { WIRE_ERROR_CLOSED = 1, WIRE_ERROR_IO, WIRE_ERROR_GARBAGE };

struct wire_frame {
	enum wire_type type;
	GVariant *payload; /* owned */
};
void wire_frame_clear(struct wire_frame *frame);

/* The GVariant type string of a frame type's payload; NULL for an unknown type. */
const char *wire_payload_type(enum wire_type type);

/* Writes one frame to `fd`, blocking, in one go where it can; takes a floating payload. FALSE on error: CLOSED when the
 * other side is gone. A socket never raises SIGPIPE. */
gboolean wire_write(int fd, enum wire_type type, GVariant *payload, GError **error);
/* The same in two steps, for who gathers frames: append one to `out`, then write all of it. FALSE if the payload is too
 * large. */
gboolean wire_append(GByteArray *out, enum wire_type type, GVariant *payload, GError **error);
gboolean wire_write_all(int fd, const void *bytes, gsize length, GError **error);

/* Reads one frame from `fd`, blocking. CLOSED at a clean end, GARBAGE for half a frame or a bad one. */
gboolean wire_read(int fd, struct wire_frame *frame, GError **error);

/* The two checks that every reader makes. `head`: WIRE_HEAD bytes. `bytes`: allocated with g_malloc and taken over;
 * returns the payload or NULL. */
gboolean wire_head_parse(const guint8 head[WIRE_HEAD], enum wire_type *type, gsize *length, GError **error);
GVariant *wire_payload_parse(enum wire_type type, guint8 *bytes, gsize length, GError **error);

/* For a reader that must not block: bytes go in as they come, whole frames come out. */
struct wire_buffer;
struct wire_buffer *wire_buffer_new(void);
void wire_buffer_free(struct wire_buffer *buffer);
/* Reads what `fd` has, up to a bound. -1 on error, 0 at the end, else bytes read or, with nothing to read, -2. */
gssize wire_buffer_fill(struct wire_buffer *buffer, int fd, GError **error);
/* The same for bytes that were read elsewhere. */
void wire_buffer_push(struct wire_buffer *buffer, const void *bytes, gsize length);
/* 1 and a frame (clear it); 0: not yet a whole one; -1: GARBAGE. */
int wire_buffer_next(struct wire_buffer *buffer, struct wire_frame *frame, GError **error);
/* Bytes that wait in it: not 0 at the end of the stream means half a frame. */
gsize wire_buffer_pending(const struct wire_buffer *buffer);

/* UTF-8 with each invalid byte as U+FFFD; newly allocated, or NULL if `text` needs none. `bad`: adds how many bytes
 * were. */
char *wire_repair(const char *text, gsize length, guint *bad);
/* For ids: each invalid byte becomes U+FFFD and its two hex digits, so that two ids that differ still do; NULL as
 * above. */
char *wire_repair_id(const char *id);

/* Records cross as they stand in connector.h; "" and NULL are the same. Encode: invalid UTF-8 repaired and strings and
 * arrays held to the limits above, each listed in left_out; spans follow the repair, and those that lie outside the
 * text are dropped, listed too; no id or too long an id, an unknown kind, and a record that is too large even so are
 * errors. Decode: `record` and its arrays borrow from the payload and `arena`; limits, kind and spans are checked
 * again. */
GVariant *wire_record_encode(const struct meri_record *record, GError **error);
struct wire_record {
	struct meri_record record;
	GVariant *payload; /* owned reference */
	GPtrArray *arena;  /* owned */
};
gboolean wire_record_decode(GVariant *payload, struct wire_record *out, GError **error);
void wire_record_clear(struct wire_record *record);
/* The id alone, of a payload that came out of a frame and so is well formed; borrowed from it. */
const char *wire_record_id(GVariant *payload);

/* WIRE_RUN. Options are name and value pairs, already validated, with the defaults of those not set. */
struct wire_run {
	enum wire_job job;
	const char *source;
	GHashTable *options; /* char * -> char * */
	const char *cursor;  /* NULL: none */
	const char *temp;    /* a folder of this run alone, the parent's to remove; NULL: the child can write nowhere */
	guint64 memory;      /* bytes the child may use; 0: no limit */
};
GVariant *wire_run_encode(const struct wire_run *run);
gboolean wire_run_decode(GVariant *payload, struct wire_run *out,
			 GError **error); /* options: caller unrefs; rest borrowed */

/* WIRE_HELLO. Options as declared. */
struct wire_option {
	char *name, *initial, *help, *choices; /* NULL where not given */
	enum meri_option_kind kind;
	gboolean required, secret;
};
typedef struct wire_hello {
	char *name, *summary;
	GPtrArray *options; /* struct wire_option * */
} wire_hello;
GVariant *wire_hello_encode(const struct meri_connector *connector);
struct wire_hello *wire_hello_decode(GVariant *payload, GError **error);
void wire_hello_free(struct wire_hello *hello);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(wire_hello, wire_hello_free)

/* The table of items and fingerprints of the last runs: a file without a name (memfd), sorted 16-byte entries of two
 * keyed 64-bit hashes, mapped by the child, so that unchanged() costs no round trip and 1,000,000 items cost 16 MB. */
struct wire_items;
struct wire_items *wire_items_new(void); /* to fill */
void wire_items_add(struct wire_items *items, const char *item, const char *fingerprint);
int wire_items_to_fd(struct wire_items *items, GError **error); /* sorted; the caller closes it; -1 on error */
struct wire_items *wire_items_from_fd(int fd, GError **error);  /* maps */
gboolean wire_items_has(const struct wire_items *items, const char *item, const char *fingerprint);
void wire_items_free(struct wire_items *items);
