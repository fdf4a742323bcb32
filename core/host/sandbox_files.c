/* Which files a connector can reach, by Landlock. Debian's headers know the first versions of it only, so its numbers
 * stand here; they are the kernel's and never change. */
#include "host/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	CALL_CREATE_RULESET = 444,
	CALL_ADD_RULE = 445,
	CALL_RESTRICT_SELF = 446,
	FLAG_VERSION = 1,
	RULE_PATH_BENEATH = 1
};
enum {
	MAY_EXECUTE = 1 << 0,
	MAY_WRITE_FILE = 1 << 1,
	MAY_READ_FILE = 1 << 2,
	MAY_READ_DIR = 1 << 3,
	MAY_ALL_V1 = (1 << 13) - 1,
	MAY_REFER = 1 << 13,
	MAY_TRUNCATE = 1 << 14,
	MAY_IOCTL_DEV = 1 << 15,
	SCOPE_ABSTRACT_SOCKETS = 1 << 0,
	SCOPE_SIGNALS = 1 << 1,
};

struct ruleset_attr {
	guint64 files, network, scoped;
};
struct path_beneath_attr {
	guint64 allowed;
	gint32 parent;
} __attribute__((packed));

struct policy {
	int ruleset;
	guint64 handled;
};

/* What is not there needs no leave. */
static void allow(const struct policy *policy, const char *path, guint64 rights)
{
	struct stat st;
	int fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rights &= MAY_EXECUTE | MAY_WRITE_FILE | MAY_READ_FILE | MAY_TRUNCATE | MAY_IOCTL_DEV;
	struct path_beneath_attr rule = {.allowed = rights & policy->handled, .parent = fd};
	syscall(CALL_ADD_RULE, policy->ruleset, RULE_PATH_BENEATH, &rule, 0);
	close(fd);
}

static void allow_system(const struct policy *p)
{
	static const char *const programs[] = {"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt"};
	/* Not all of /etc: Meri's own settings may lie there, with other sources' secrets. */
	static const char *const readable[] = {
		"/etc/ssl",
		"/etc/ca-certificates",
		"/etc/pki",
		"/etc/crypto-policies",
		"/etc/gnutls",
		"/etc/resolv.conf",
		"/etc/hosts",
		"/etc/host.conf",
		"/etc/gai.conf",
		"/etc/nsswitch.conf",
		"/etc/services",
		"/etc/protocols",
		"/etc/localtime",
		"/etc/timezone",
		"/etc/passwd",
		"/etc/group",
		"/etc/ld.so.cache",
		"/etc/ld.so.conf",
		"/etc/ld.so.conf.d",
		"/etc/ld.so.preload",
		"/etc/alternatives",
		"/etc/fonts",
		"/etc/xml",
		"/etc/krb5.conf",
		"/etc/krb5.conf.d",
		"/etc/odbc.ini",
		"/etc/odbcinst.ini",
		"/etc/freetds",
		"/etc/mime.types",
		"/etc/locale.alias",
		"/proc",
		"/sys/devices/system",
		"/run/systemd/resolve",
		"/run/resolvconf",
		"/run/NetworkManager",
		"/dev/zero",
		"/dev/random",
		"/dev/urandom",
	};
	for (gsize i = 0; i < G_N_ELEMENTS(programs); i++)
		allow(p, programs[i], MAY_EXECUTE | MAY_READ_FILE | MAY_READ_DIR);
	for (gsize i = 0; i < G_N_ELEMENTS(readable); i++)
		allow(p, readable[i], MAY_READ_FILE | MAY_READ_DIR);
	allow(p, "/dev/null", MAY_READ_FILE | MAY_WRITE_FILE | MAY_TRUNCATE);
}

/* Any value that is an absolute path, alone or in a list: an admin wrote it down, so it is meant to be read. */
static void allow_options(const struct policy *p, GHashTable *options)
{
	GHashTableIter each;
	gpointer value;
	g_hash_table_iter_init(&each, options);
	while (g_hash_table_iter_next(&each, NULL, &value)) {
		g_auto(GStrv) lines = g_strsplit(value, "\n", -1);
		for (char **line = lines; *line; line++)
			if (**line == '/')
				allow(p, *line, MAY_READ_FILE | MAY_READ_DIR);
	}
}

static int new_ruleset(long version, guint64 *handled)
{
	struct ruleset_attr attr = {.files = MAY_ALL_V1};
	gsize size = sizeof attr.files;
	if (version >= 2)
		attr.files |= MAY_REFER;
	if (version >= 3)
		attr.files |= MAY_TRUNCATE;
	if (version >= 5)
		attr.files |= MAY_IOCTL_DEV;
	if (version >= 6) {
		attr.scoped = SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS;
		size = sizeof attr;
	}
	*handled = attr.files;
	return (int)syscall(CALL_CREATE_RULESET, &attr, size, 0);
}

void sandbox_files(const struct wire_run *run, const char *plugin, GPtrArray *missing)
{
	struct policy policy;
	long version = syscall(CALL_CREATE_RULESET, NULL, 0, FLAG_VERSION);
	policy.ruleset = version < 1 ? -1 : new_ruleset(version, &policy.handled);
	if (policy.ruleset < 0) {
		g_ptr_array_add(missing,
				g_strdup_printf("the connector can read and write what this user can: Landlock: %s",
						g_strerror(errno)));
		return;
	}
	g_autofree char *folder = g_path_get_dirname(plugin);
	allow_system(&policy);
	allow(&policy, folder, MAY_READ_FILE | MAY_READ_DIR);
	allow_options(&policy, run->options);
	if (run->temp)
		allow(&policy, run->temp, policy.handled);
	if (syscall(CALL_RESTRICT_SELF, policy.ruleset, 0) != 0)
		g_ptr_array_add(missing,
				g_strdup_printf("the connector can read and write what this user can: Landlock: %s",
						g_strerror(errno)));
	close(policy.ruleset);
	if (version < 6)
		g_ptr_array_add(
			missing,
			g_strdup("the connector can send signals to this user's other processes: Landlock of this "
				 "kernel is older than version 6"));
}
