mail_PKGS := gmime-3.0 zlib libzstd libsodium
