/* faultvfs: a disk that fails when told to. A shim over SQLite's own VFS, registered as the default: the nth write (or
 * sync, or growth of a file) fails with the code set, and from then on all of them do until it is told otherwise. */
#pragma once

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

struct fault_state {
	long countdown; /* writes that still go well; -1: no fault is set */
	int code;       /* SQLITE_FULL or SQLITE_IOERR_... */
	long writes;    /* counted since fault_set */
	int hits;       /* writes that failed */
};
static struct fault_state fault = {.countdown = -1};

struct fault_file {
	sqlite3_file base;
	sqlite3_file *real; /* lies right behind */
};

static sqlite3_vfs fault_vfs;
static sqlite3_vfs *fault_real;

static inline void fault_set(long after, int code)
{
	fault = (struct fault_state){.countdown = after, .code = code};
}

static inline void fault_none(void)
{
	fault.countdown = -1;
}

static inline int fault_now(void)
{
	fault.writes++;
	if (fault.countdown < 0)
		return SQLITE_OK;
	if (fault.countdown > 0) {
		fault.countdown--;
		return SQLITE_OK;
	}
	fault.hits++;
	return fault.code;
}

#define FAULT_REAL(file) (((struct fault_file *)(file))->real)

static int fault_close(sqlite3_file *f)
{
	return FAULT_REAL(f)->pMethods->xClose(FAULT_REAL(f));
}
static int fault_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	return FAULT_REAL(f)->pMethods->xRead(FAULT_REAL(f), to, n, at);
}
static int fault_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return FAULT_REAL(f)->pMethods->xTruncate(FAULT_REAL(f), size);
}
static int fault_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return FAULT_REAL(f)->pMethods->xFileSize(FAULT_REAL(f), size);
}
static int fault_lock(sqlite3_file *f, int level)
{
	return FAULT_REAL(f)->pMethods->xLock(FAULT_REAL(f), level);
}
static int fault_unlock(sqlite3_file *f, int level)
{
	return FAULT_REAL(f)->pMethods->xUnlock(FAULT_REAL(f), level);
}
static int fault_reserved(sqlite3_file *f, int *is)
{
	return FAULT_REAL(f)->pMethods->xCheckReservedLock(FAULT_REAL(f), is);
}
static int fault_control(sqlite3_file *f, int what, void *with)
{
	return FAULT_REAL(f)->pMethods->xFileControl(FAULT_REAL(f), what, with);
}
static int fault_sector(sqlite3_file *f)
{
	return FAULT_REAL(f)->pMethods->xSectorSize(FAULT_REAL(f));
}
static int fault_device(sqlite3_file *f)
{
	return FAULT_REAL(f)->pMethods->xDeviceCharacteristics(FAULT_REAL(f));
}
static int fault_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **at)
{
	return FAULT_REAL(f)->pMethods->xShmMap(FAULT_REAL(f), page, size, extend, at);
}
static int fault_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	return FAULT_REAL(f)->pMethods->xShmLock(FAULT_REAL(f), at, n, flags);
}
static void fault_shm_barrier(sqlite3_file *f)
{
	FAULT_REAL(f)->pMethods->xShmBarrier(FAULT_REAL(f));
}
static int fault_shm_unmap(sqlite3_file *f, int drop)
{
	return FAULT_REAL(f)->pMethods->xShmUnmap(FAULT_REAL(f), drop);
}

static int fault_write(sqlite3_file *f, const void *bytes, int n, sqlite3_int64 at)
{
	int code = fault_now();
	if (code == SQLITE_OK)
		return FAULT_REAL(f)->pMethods->xWrite(FAULT_REAL(f), bytes, n, at);
	if (fault.hits == 1 && n > 1) /* a full disk takes a part of what it is given */
		FAULT_REAL(f)->pMethods->xWrite(FAULT_REAL(f), bytes, n / 2, at);
	return code;
}

static int fault_sync(sqlite3_file *f, int flags)
{
	int code = fault_now();
	if (code == SQLITE_FULL)
		code = SQLITE_IOERR_FSYNC;
	return code ? code : FAULT_REAL(f)->pMethods->xSync(FAULT_REAL(f), flags);
}

static const sqlite3_io_methods fault_methods = {
	.iVersion = 2,
	.xClose = fault_close,
	.xRead = fault_read,
	.xWrite = fault_write,
	.xTruncate = fault_truncate,
	.xSync = fault_sync,
	.xFileSize = fault_size,
	.xLock = fault_lock,
	.xUnlock = fault_unlock,
	.xCheckReservedLock = fault_reserved,
	.xFileControl = fault_control,
	.xSectorSize = fault_sector,
	.xDeviceCharacteristics = fault_device,
	.xShmMap = fault_shm_map,
	.xShmLock = fault_shm_lock,
	.xShmBarrier = fault_shm_barrier,
	.xShmUnmap = fault_shm_unmap,
};

static int fault_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	(void)vfs;
	struct fault_file *file = (struct fault_file *)f;
	file->real = (sqlite3_file *)(file + 1);
	file->base.pMethods = NULL;
	int code = fault_real->xOpen(fault_real, name, file->real, flags, out);
	if (code == SQLITE_OK)
		file->base.pMethods = &fault_methods;
	return code;
}

/* Before any store is opened. */
static inline int fault_register(void)
{
	fault_real = sqlite3_vfs_find(NULL);
	fault_vfs = *fault_real;
	fault_vfs.pNext = NULL;
	fault_vfs.zName = "fault";
	fault_vfs.szOsFile = (int)sizeof(struct fault_file) + fault_real->szOsFile;
	fault_vfs.xOpen = fault_open;
	return sqlite3_vfs_register(&fault_vfs, 1);
}
