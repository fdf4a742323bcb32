/* Is a shared object but no connector. The daemon must say: it exports no symbol meri_connector. */
int some_other_library(void);

__attribute__((visibility("default"))) int some_other_library(void)
{
	return 42;
}
