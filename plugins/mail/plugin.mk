mail_PKGS := gmime-3.0 zlib libzstd libsodium
# Its test packs a mailbox itself.
$(B)/tests/test_mail: LIBS_host += -lzstd
