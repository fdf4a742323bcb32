/* Any bytes as an exported file, or as the answers of a server. The first byte chooses; answers are cut at byte 0x1e.
 */
// with: plugins/tickets_jira/*.c
// libs: jansson yajl
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "inproc.h"

extern const struct meri_connector meri_connector;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *answers;
static size_t answers_left;
static unsigned asked;

static int fetch(const struct meri_host *api, const struct meri_request *request, struct meri_reply *reply)
{
	struct inproc *p = inproc_of(api);
	INPROC_REQUIRE(request->url && !strncmp(request->url, "http://j/", 9), "it asks the server that it was told");
	if (!answers_left || asked++ > 60)
		return MERI_TRANSIENT;
	const uint8_t *end = memchr(answers, 0x1e, answers_left);
	size_t length = end ? (size_t)(end - answers) : answers_left;
	free(p->reply);
	p->reply = malloc(length + 1);
	memcpy(p->reply, answers, length);
	p->reply[length] = '\0';
	*reply = (struct meri_reply){.size = sizeof(*reply),
				     .status = 200,
				     .body = p->reply,
				     .length = length,
				     .url = request->url,
				     .media_type = "application/json"};
	if (length > 3 && !memcmp(p->reply, "404", 3))
		reply->status = 404;
	else if (length > 3 && !memcmp(p->reply, "400", 3))
		reply->status = 400;
	answers += end ? length + 1 : length;
	answers_left -= end ? length + 1 : length;
	return 0;
}

static void folder(const uint8_t *data, size_t size)
{
	static char dir[64], file[80];
	if (!*dir) {
		snprintf(dir, sizeof(dir), "/tmp/fuzz-jira-XXXXXX");
		INPROC_REQUIRE(mkdtemp(dir), "a folder of our own");
		snprintf(file, sizeof(file), "%s/a.json", dir);
	}
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	INPROC_REQUIRE(fd >= 0 && write(fd, data, size) == (ssize_t)size, "a file of our own");
	close(fd);
	const char *const options[] = {"path", dir, "customer-field", "customfield_1\ncustomfield_2=crm-id", NULL};
	struct inproc host;
	inproc_init(&host, options);
	host.strict_utf8 = 1;
	meri_connector.sync(&host.api);
	INPROC_REQUIRE(host.completes == 1 || host.failed, "a folder is read to its end whatever is in it");
	inproc_done(&host);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	if (data[0] & 1) {
		const char *const options[] = {"url",       "http://j",
					       "token",     "t",
					       "page-size", "20",
					       "reconcile", "1",
					       "api",       data[0] & 2 ? "3" : "2",
					       "jql",       "a = \"order by\" ORDER BY x",
					       NULL};
		struct inproc host;
		answers = data + 1;
		answers_left = size - 1;
		asked = 0;
		inproc_init(&host, options);
		host.api.fetch = fetch;
		host.strict_utf8 = 0; /* what a server says is wrong is passed on as it stands */
		meri_connector.sync(&host.api);
		inproc_done(&host);
	} else {
		folder(data + 1, size - 1);
	}
	return 0;
}
