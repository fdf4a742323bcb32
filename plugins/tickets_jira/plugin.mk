tickets_jira_PKGS := jansson yajl
