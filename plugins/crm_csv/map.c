#include "map.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "reader.h"
#include "value.h"

typedef char normal[PRESET_NORMAL_MAX];

/* ---- lists out of the settings ---- */

/* The next entry of a list, cut to `room`; the rest of the list, or NULL after the last. */
static const char *entry(const char *list, char *out, size_t room)
{
	size_t length = strcspn(list, "\n");

	snprintf(out, room, "%.*s", (int)(length < room ? length : room - 1), list);
	return list[length] ? list + length + 1 : NULL;
}

/* Splits "role = Header" in place. NULL if there is no '='. */
static char *halves(char *text)
{
	char *equals = strchr(text, '=');

	if (!equals)
		return NULL;
	char *end = equals;
	while (end > text && end[-1] == ' ')
		end--;
	*end = '\0';
	equals++;
	return equals + strspn(equals, " ");
}

const char *map_problem(const char *value, char *why, size_t room)
{
	char text[512];

	for (const char *rest = value; rest;) {
		rest = entry(rest, text, sizeof text);
		char *header = halves(text);
		if (!header || !*header) {
			snprintf(why, room, "\"%s\" is not of the form role=Header", text);
			return why;
		}
		if (role_by_name(text) == ROLES) {
			snprintf(why, room, "there is no role \"%s\"; there are: %s", text, role_names());
			return why;
		}
	}
	return NULL;
}

bool map_matches(const char *patterns, const char *file)
{
	const char *slash = strrchr(file, '/');
	char pattern[512];

	for (const char *rest = patterns; rest;) {
		rest = entry(rest, pattern, sizeof pattern);
		if (!fnmatch(pattern, file, FNM_CASEFOLD) || (slash && !fnmatch(pattern, slash + 1, FNM_CASEFOLD)))
			return true;
	}
	return false;
}

/* ---- headers ---- */

static bool looks_like_data(const struct reader_row *row)
{
	for (size_t i = 0; i < row->count; i++) {
		const char *cell = row->cells[i];
		bool year = strlen(cell) == 4 && strspn(cell, "0123456789") == 4 &&
			    (!strncmp(cell, "19", 2) || !strncmp(cell, "20", 2));
		if (!year && value_is_datum(cell))
			return true;
	}
	return false;
}

/* "Billing Street" -> "billing-street"; what is not ASCII stays. */
static char *field_name(const char *header)
{
	char *name = malloc(strlen(header) + 1);
	size_t n = 0;

	if (!name)
		return NULL;
	for (const char *p = header; *p; p++) {
		unsigned char c = (unsigned char)*p;
		if (isalnum(c) || c >= 0x80)
			name[n++] = (char)tolower(c);
		else if (n && name[n - 1] != '-')
			name[n++] = '-';
	}
	while (n && name[n - 1] == '-')
		n--;
	name[n] = '\0';
	return name;
}

static char *header_text(const char *cell, size_t index, bool headless)
{
	char *text = NULL;

	cell += strspn(cell, " \t\r\n\v\f");
	if (headless || !*cell) {
		if (asprintf(&text, "Column %zu", index + 1) < 0)
			return NULL;
		return text;
	}
	text = strdup(cell);
	size_t end = text ? strlen(text) : 0;
	while (end && strchr(" \t\r\n\v\f:", text[end - 1]))
		text[--end] = '\0';
	for (size_t i = 0; i < end; i++)
		if (strchr("\t\r\n\v\f", text[i]))
			text[i] = ' ';
	return text;
}

/* Columns at the end that have no name need not be there in every row. */
static size_t named(const struct reader_row *row)
{
	size_t width = row->count;

	while (width > 1 && !row->cells[width - 1][strspn(row->cells[width - 1], " \t")])
		width--;
	return width;
}

static bool columns_make(struct map *map, const struct reader_row *row)
{
	map->count = row->count;
	map->least = map->headless ? row->count : named(row);
	map->columns = calloc(map->count ? map->count : 1, sizeof *map->columns);
	for (size_t i = 0; map->columns && i < map->count; i++) {
		struct column *column = &map->columns[i];
		column->header = header_text(row->cells[i], i, map->headless);
		column->field = column->header ? field_name(column->header) : NULL;
		if (!column->field)
			return false;
	}
	return map->columns != NULL;
}

static normal *normals(const struct map *map)
{
	normal *headers = calloc(map->count ? map->count : 1, sizeof *headers);

	for (size_t i = 0; headers && i < map->count; i++)
		preset_normal(map->columns[i].header, headers[i], sizeof headers[i]);
	return headers;
}

static void headers_seen(const struct map *map, char *out, size_t room)
{
	size_t used = 0;

	for (size_t i = 0; i < map->count && used + 1 < room; i++) {
		int n = snprintf(out + used, room - used, "%s%s", i ? ", " : "", map->columns[i].header);
		used += n > 0 ? (size_t)n : 0;
	}
}

/* ---- a mapping of the settings ---- */

static bool apply(struct map *map, normal *headers, const char *value, char *missing, size_t room)
{
	char text[512];

	for (const char *rest = value; rest;) {
		normal wanted;
		bool found = false;
		rest = entry(rest, text, sizeof text);
		const char *header = halves(text);
		if (!header)
			continue;
		preset_normal(header, wanted, sizeof wanted);
		for (size_t i = 0; i < map->count && !found; i++) {
			found = !strcasecmp(map->columns[i].header, header) || (*wanted && !strcmp(headers[i], wanted));
			if (found)
				map->columns[i].role = role_by_name(text);
		}
		if (!found) {
			snprintf(missing, room, "%s", header);
			return false;
		}
	}
	return true;
}

static bool repeats(enum role role)
{
	return role == ROLE_EMAIL || role == ROLE_PHONE || role == ROLE_TEXT || role == ROLE_DROP || role == ROLE_NONE;
}

static bool taken(const struct map *map, enum role role)
{
	for (size_t i = 0; i < map->count; i++)
		if (map->columns[i].role == role)
			return true;
	return false;
}

/* What the mapping does not name may still be an e-mail address by its common name. */
static void fill_common(struct map *map, normal *headers)
{
	for (size_t i = 0; i < map->count; i++) {
		enum role role = preset_common_role(headers[i]);
		if (map->columns[i].role == ROLE_NONE && (repeats(role) || !taken(map, role)))
			map->columns[i].role = role;
	}
}

static void roles_clear(struct map *map)
{
	for (size_t i = 0; i < map->count; i++)
		map->columns[i].role = ROLE_NONE;
}

static enum object object_by_file(const struct map_settings *settings, const char *file)
{
	for (int object = ACCOUNT; object < OTHER; object++)
		if (settings->files[object] && map_matches(settings->files[object], file))
			return (enum object)object;
	return OBJECT_NONE;
}

static bool by_settings(struct map *map, const struct map_settings *settings, normal *headers, enum object by_file,
			char *why, size_t room)
{
	char missing[256], seen[512];

	for (int object = ACCOUNT; object < OTHER; object++) {
		if (!settings->maps[object] ||
		    (by_file ? by_file != (enum object)object : settings->files[object] != NULL))
			continue;
		if (apply(map, headers, settings->maps[object], missing, sizeof missing)) {
			map->object = (enum object)object;
			map->crm = "the settings";
			fill_common(map, headers);
			return true;
		}
		roles_clear(map);
		if (by_file) {
			headers_seen(map, seen, sizeof seen);
			snprintf(why, room, "%s-map names a column \"%s\" that it does not have; it has: %s",
				 object_name(by_file), missing, seen);
			return true;
		}
	}
	return false;
}

/* ---- known exports, common names, anything else ---- */

/* A person's "Title" is what they are, not who. */
static enum role fitting(enum object object, const char *header, enum role role)
{
	if (object == PERSON && role == ROLE_TITLE && (!strcmp(header, "title") || !strcmp(header, "rubrik")))
		return ROLE_NONE;
	return role;
}

static void by_preset(struct map *map, const struct preset *preset, normal *headers)
{
	map->object = preset->object;
	map->crm = preset_is_common(preset) ? "common column names" : preset->crm;
	map->guessed = preset_is_common(preset);
	map->salesforce = !strcmp(preset->crm, "salesforce");
	for (size_t i = 0; i < map->count; i++)
		map->columns[i].role = fitting(preset->object, headers[i], preset_role(preset, headers[i]));
}

/* "orders.csv" with a column "orderID": letters of the file's name, without its plural. */
static bool named_after_file(const char *file, const char *header)
{
	const char *slash = strrchr(file, '/');
	normal name, stem;
	size_t length = strlen(header);

	snprintf(stem, sizeof stem, "%s", slash ? slash + 1 : file);
	stem[strcspn(stem, ".")] = '\0';
	preset_normal(stem, name, sizeof name);
	size_t tail = strlen(name);
	while (tail && isdigit((unsigned char)name[tail - 1])) /* orders-2026-11.csv */
		name[--tail] = '\0';
	if (length < 4 || tail < 2 || strcmp(header + length - 2, "id") != 0)
		return false;
	length -= 2;
	bool plural = tail > length && !strcmp(name + tail - 1, "s");
	return (tail == length && !strncmp(name, header, length)) ||
	       (plural && tail == length + 1 && !strncmp(name, header, length)) ||
	       (plural && tail == length + 2 && length > 1 &&
		!strncmp(name, header, length - 1)) /* categories: category */
	       || (plural && tail == length + 2 && !strncmp(name, header, length) && !strcmp(name + length, "es"));
}

static void own_id(struct map *map, normal *headers, const char *file)
{
	if (taken(map, ROLE_ID))
		return;
	for (size_t i = 0; i < map->count; i++)
		if (named_after_file(file, headers[i])) {
			map->columns[i].role = ROLE_ID;
			map->own_ids = true;
			return;
		}
}

static void by_common_names(struct map *map, normal *headers)
{
	map->object = OTHER;
	map->crm = "no known export";
	map->guessed = true;
	for (size_t i = 0; i < map->count; i++) {
		enum role role = preset_common_role(headers[i]);
		bool name = !strcmp(headers[i], "name") || !strcmp(headers[i], "nimi") || !strcmp(headers[i], "namn");
		map->columns[i].role = name && !taken(map, ROLE_TITLE) ? ROLE_TITLE : role;
	}
}

static void one_id(struct map *map)
{
	bool had = false;

	for (size_t i = 0; i < map->count && map->guessed; i++) { /* a guessed table has one id: its first */
		if (map->columns[i].role != ROLE_ID)
			continue;
		if (had)
			map->columns[i].role = ROLE_NONE;
		had = true;
	}
}

static bool guess(struct map *map, const struct map_settings *settings, const char *file, const struct reader_row *row,
		  enum object by_file)
{
	normal *headers = normals(map);

	if (!headers)
		return false;
	const struct preset *preset = preset_find(settings->preset, headers, map->count, file);
	if (preset && (!by_file || by_file == preset->object)) {
		by_preset(map, preset, headers);
	} else {
		map->headless = looks_like_data(row);
		if (map->headless) {
			map_clear(map);
			map->headless = true;
			if (!columns_make(map, row)) {
				free(headers);
				return false;
			}
			map->object = OTHER;
			map->crm = "no header";
			map->guessed = true;
		} else {
			by_common_names(map, headers);
		}
		if (by_file)
			map->object = by_file;
	}
	if (!map->headless && map->guessed)
		own_id(map, headers, file);
	one_id(map);
	free(headers);
	return true;
}

bool map_make(struct map *map, const struct map_settings *settings, const char *file, const struct reader_row *header,
	      char *why, size_t room)
{
	enum object by_file = object_by_file(settings, file);

	*map = (struct map){.object = OBJECT_NONE};
	*why = '\0';
	snprintf(why, room, "memory ran out");
	if (!columns_make(map, header))
		return false;
	normal *headers = normals(map);
	if (!headers)
		return false;
	bool settled = by_settings(map, settings, headers, by_file, why, room);
	free(headers);
	if (settled)
		return map->object != OBJECT_NONE;
	return guess(map, settings, file, header, by_file);
}

void map_clear(struct map *map)
{
	for (size_t i = 0; map->columns && i < map->count; i++) {
		free(map->columns[i].header);
		free(map->columns[i].field);
	}
	free(map->columns);
	*map = (struct map){.object = OBJECT_NONE};
}
