/* What a connector may do: read the system and what its settings name, write to its run's folder, use the network;
 * within limits. What the kernel does not offer is done without, aloud. */
#include "host/sandbox.h"

#include <errno.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { MOST_FILES = 1024 };
#define LARGEST_FILE ((rlim_t)8 << 30)

static void limit(int what, rlim_t most)
{
	struct rlimit now;
	if (getrlimit((__rlimit_resource_t)what, &now) != 0)
		return;
	if (now.rlim_max == RLIM_INFINITY || most < now.rlim_max)
		now.rlim_max = most;
	now.rlim_cur = MIN(most, now.rlim_max);
	setrlimit((__rlimit_resource_t)what, &now);
}

/* RLIMIT_DATA counts what is written to, and neither mapped files nor libraries: that is what memory means to an admin.
 * The sanitizers map terabytes that they never touch. */
static void set_limits(const struct wire_run *run)
{
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, MOST_FILES);
	limit(RLIMIT_FSIZE, LARGEST_FILE);
	if (run->memory && !SANITIZED)
		limit(RLIMIT_DATA, run->memory);
}

/* Where the daemon is root: of its powers only that of reading any file is left, and Landlock narrows that. Limits
 * could be raised again with the others. */
static void drop_capabilities(GPtrArray *missing)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct now[2] = {{0}};
	const guint32 kept = 1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH;
	if (syscall(SYS_capget, &head, now) == 0) {
		now[0].effective &= kept;
		now[0].permitted &= kept;
		now[0].inheritable = 0;
		now[1] = (struct __user_cap_data_struct){0};
		if (syscall(SYS_capset, &head, now) == 0)
			return;
	}
	g_ptr_array_add(missing, g_strdup_printf("capabilities could not be dropped: %s", g_strerror(errno)));
}

/* ---- the environment: other sources' secrets may stand in it ---- */

static gboolean is_kept(const char *entry)
{
	static const char *const kept[] = {"PATH=",        "LANG=",
					   "LC_",          "TZ=",
					   "SSL_CERT_",    "http_proxy=",
					   "https_proxy=", "HTTPS_PROXY=",
					   "all_proxy=",   "ALL_PROXY=",
					   "no_proxy=",    "NO_PROXY=",
					   "ASAN_OPTIONS", "UBSAN_OPTIONS",
					   "TSAN_OPTIONS", "LD_LIBRARY_PATH=",
					   "LD_PRELOAD=",  "G_MESSAGES_DEBUG="};
	for (gsize i = 0; i < G_N_ELEMENTS(kept); i++)
		if (g_str_has_prefix(entry, kept[i]))
			return TRUE;
	return FALSE;
}

static void clear_environment(const char *temp)
{
	g_auto(GStrv) keep = NULL;
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	for (char **e = environ; e && *e; e++) {
		if (is_kept(*e))
			g_strv_builder_add(builder, *e);
		else
			memset(*e, 0, strlen(*e)); /* gone from /proc/self/environ, too */
	}
	keep = g_strv_builder_end(builder);
	clearenv();
	for (char **e = keep; *e; e++) {
		g_auto(GStrv) pair = g_strsplit(*e, "=", 2);
		setenv(pair[0], pair[1] ? pair[1] : "", 1);
	}
	setenv("TMPDIR", temp ? temp : "/nonexistent", 1);
	setenv("HOME", temp ? temp : "/nonexistent", 1);
}

/* ---- system calls that no connector needs ---- */

static const int denied[] = {
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(process_madvise),
	SCMP_SYS(kcmp),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(move_mount),
	SCMP_SYS(open_tree),
	SCMP_SYS(fsopen),
	SCMP_SYS(fsconfig),
	SCMP_SYS(fsmount),
	SCMP_SYS(fspick),
	SCMP_SYS(mount_setattr),
	SCMP_SYS(pivot_root),
	SCMP_SYS(chroot),
	SCMP_SYS(swapon),
	SCMP_SYS(swapoff),
	SCMP_SYS(reboot),
	SCMP_SYS(kexec_load),
	SCMP_SYS(kexec_file_load),
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(delete_module),
	SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(keyctl),
	SCMP_SYS(add_key),
	SCMP_SYS(request_key),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(setns),
	SCMP_SYS(unshare),
	SCMP_SYS(acct),
	SCMP_SYS(quotactl),
	SCMP_SYS(settimeofday),
	SCMP_SYS(clock_settime),
	SCMP_SYS(clock_adjtime),
	SCMP_SYS(adjtimex),
	SCMP_SYS(syslog),
	SCMP_SYS(iopl),
	SCMP_SYS(ioperm),
	SCMP_SYS(open_by_handle_at),
	SCMP_SYS(vhangup),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(sethostname),
	SCMP_SYS(setdomainname),
	SCMP_SYS(fanotify_init),
	/* The parent ends the process group; nobody leaves it. */
	SCMP_SYS(setsid),
	SCMP_SYS(setpgid),
};

enum { NEW_USER_NAMESPACE = 0x10000000 };

/* Talking to programs of this machine: to the daemon, which knows its clients by their user, and that is ours; to the
 * kernel in ways that fetch has no use for. */
static const int no_families[] = {AF_UNIX,      AF_PACKET, AF_KEY, AF_CAN,   AF_TIPC,
				  AF_BLUETOOTH, AF_RXRPC,  AF_ALG, AF_VSOCK, AF_XDP};

/* An admin who names a socket in the settings means it to be used. */
static gboolean names_a_socket(GHashTable *options)
{
	GHashTableIter each;
	gpointer value;
	struct stat st;
	g_hash_table_iter_init(&each, options);
	while (g_hash_table_iter_next(&each, NULL, &value))
		if (*(char *)value == '/' && stat(value, &st) == 0 && S_ISSOCK(st.st_mode))
			return TRUE;
	return FALSE;
}

static gboolean deny_families(scmp_filter_ctx filter, gboolean may_use_sockets)
{
	gboolean fine = TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(no_families); i++) {
		if (no_families[i] == AF_UNIX && may_use_sockets)
			continue;
		fine = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket), 1,
					SCMP_CMP64(0, SCMP_CMP_EQ, (scmp_datum_t)no_families[i], 0)) == 0 &&
		       fine;
	}
	return fine;
}

/* Landlock keeps signals within its walls from version 6 on. Before that this much at least: the daemon, its group, and
 * everybody at once are out of reach. */
static gboolean deny_signals(scmp_filter_ctx filter)
{
	static const int calls[] = {SCMP_SYS(kill), SCMP_SYS(tgkill), SCMP_SYS(rt_sigqueueinfo),
				    SCMP_SYS(rt_tgsigqueueinfo)};
	const int targets[] = {getppid(), -getpgid(getppid()), -1};
	gboolean fine = TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(calls) * G_N_ELEMENTS(targets); i++) {
		int target = targets[i % G_N_ELEMENTS(targets)];
		if (target == 0) /* it cannot be seen from here */
			continue;
		fine = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), calls[i / G_N_ELEMENTS(targets)], 1,
					SCMP_CMP64(0, SCMP_CMP_MASKED_EQ, 0xffffffffu, (guint32)target)) == 0 &&
		       fine;
	}
	return fine;
}

static gboolean add_rules(scmp_filter_ctx filter, gboolean may_use_sockets)
{
	gboolean fine = deny_families(filter, may_use_sockets);
	fine = deny_signals(filter) && fine;
	/* A call that this machine's kind of processor does not know is no loss. */
	for (gsize i = 0; i < G_N_ELEMENTS(denied); i++)
		seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), denied[i], 0);
	/* Limits of other processes, the daemon's above all, are not a connector's business. */
	fine = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prlimit64), 1,
				SCMP_CMP64(0, SCMP_CMP_NE, 0, 0)) == 0 &&
	       fine;
	fine = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
				SCMP_A0(SCMP_CMP_MASKED_EQ, NEW_USER_NAMESPACE, NEW_USER_NAMESPACE)) == 0 &&
	       fine;
	/* clone3 hides its flags from us; libc falls back to clone. */
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 && fine;
}

static void deny_calls(gboolean may_use_sockets, GPtrArray *missing)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int failed = !filter || !add_rules(filter, may_use_sockets) ? -EINVAL : seccomp_load(filter);
	if (failed)
		g_ptr_array_add(missing, g_strdup_printf("no system call is denied to the connector: seccomp: %s",
							 g_strerror(-failed)));
	if (filter)
		seccomp_release(filter);
}

void host_sandbox(const struct wire_run *run, const char *plugin, GPtrArray *missing)
{
	set_limits(run);
	clear_environment(run->temp);
	if (chdir(run->temp ? run->temp : "/") != 0 && chdir("/") != 0)
		g_ptr_array_add(missing, g_strdup("the working folder could not be left"));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		g_ptr_array_add(missing, g_strdup_printf("the connector could gain privileges: %s", g_strerror(errno)));
	sandbox_files(run, plugin, missing);
	deny_calls(names_a_socket(run->options), missing);
	drop_capabilities(missing);
}
