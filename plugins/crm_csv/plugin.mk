crm_csv_LIBS = -lcsv
