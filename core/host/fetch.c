#include "host/host.h"
int host_fetch(struct host *h, const struct meri_request *request, struct meri_reply *reply)
{
	(void)request; (void)reply;
	host_log(h, MERI_ERROR, "not here yet");
	return MERI_BUG;
}
