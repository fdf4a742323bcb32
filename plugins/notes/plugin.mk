notes_PKGS := libcmark yaml-0.1
