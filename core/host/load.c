/* Loading one connector. What the file says of itself is checked before any of it is used; its constructors run all the
 * same, which is why this is a process of its own. */
#include "host/host.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <string.h>

/* The structs only grow, and ABI 1 began with these. */
enum { LEAST_CONNECTOR = 56, LEAST_OPTION = 48 };
G_STATIC_ASSERT(sizeof(struct meri_connector) == LEAST_CONNECTOR && sizeof(struct meri_option) == LEAST_OPTION);

static gsize symbol_size(const void *symbol)
{
	Dl_info where;
	ElfW(Sym) *entry = NULL;
	if (!dladdr1(symbol, &where, (void **)&entry, RTLD_DL_SYMENT) || !entry)
		return 0;
	return entry->st_size;
}

static gboolean name_is_plain(const char *name)
{
	gsize length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");
	return length >= 1 && length <= 64 && !name[length];
}

/* What is wrong with it; NULL if nothing is. */
static char *fault(const struct meri_connector *c)
{
	gsize size = symbol_size(c);
	if (size && size < 3 * sizeof(uint32_t))
		return g_strdup_printf("its meri_connector has %zu bytes, which is no connector", size);
	if (c->abi != MERI_ABI)
		return g_strdup_printf(
			"it was built for ABI %u, this program has ABI %u: build it anew with this version's "
			"meri/connector.h",
			c->abi, MERI_ABI);
	if (c->size < LEAST_CONNECTOR || (size && c->size > size))
		return g_strdup_printf("its struct meri_connector has %u bytes, this program's ABI %u has %d", c->size,
				       MERI_ABI, LEAST_CONNECTOR);
	if (c->option_size < LEAST_OPTION)
		return g_strdup_printf("its struct meri_option has %u bytes, this program's ABI %u has %d",
				       c->option_size, MERI_ABI, LEAST_OPTION);
	if (!c->name || !name_is_plain(c->name))
		return g_strdup("its name must be 1 to 64 lower-case letters, digits, '_' and '-'");
	if (!c->sync)
		return g_strdup("it has no sync function");
	return NULL;
}

const struct meri_connector *host_load(const char *path, char **message)
{
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		*message = g_strdup_printf("cannot load %s: %s", path, dlerror());
		return NULL;
	}
	const struct meri_connector *c = dlsym(library, "meri_connector");
	if (!c) {
		*message = g_strdup_printf(
			"%s is not a connector: it exports no symbol meri_connector (see MERI_CONNECTOR in "
			"meri/connector.h)",
			path);
		return NULL;
	}
	g_autofree char *wrong = fault(c);
	if (!wrong)
		return c;
	*message = g_strdup_printf("%s is refused: %s", path, wrong);
	return NULL;
}
