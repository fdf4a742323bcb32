// Does what is wanted come first? Queries with relevance judgments, the words of each joined by OR, asked of FTS5 with
// the tokenizers meri, unicode61 and porter (its bm25), and of Xapian with its own stemmers (its BM25). The same texts,
// the same queries, in one run. C++ only because Xapian is.
//
//   bench_relevance DATA [QUERIES]     QUERIES: how many of squad2-fi (default 2000, evenly chosen)
#include <glib.h>
#include <sqlite3.h>
#include <unistd.h>
#include <xapian.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

extern "C" {
#include "base/base.h"
#include "lookup/desk.h"
#include "lookup/walk.h"
#include "text/text.h"
}

struct Query {
	std::string id, text;
};

struct Collection {
	std::string name, language;
	std::vector<std::string> texts;
	std::vector<Query> queries;
	std::map<std::string, std::set<int>> relevant; // query id -> texts
};

struct Score {
	double hit = 0, reciprocal = 0, gain = 0;
	int queries = 0;
};

// ---- reading ----

static std::string path_of(const std::string &data, const char *name)
{
	return data + "/relevance/" + name;
}

static Collection read_squad(const std::string &data, size_t wanted)
{
	Collection c{"squad2-fi", "finnish", {}, {}, {}};
	std::map<std::string, int> number;
	std::string line;
	std::ifstream passages(path_of(data, "squad2-fi/passages.tsv"));
	for (std::getline(passages, line); std::getline(passages, line);) {
		size_t a = line.find('\t'), b = line.find('\t', a + 1);
		number[line.substr(0, a)] = (int)c.texts.size();
		c.texts.push_back(line.substr(b + 1));
	}
	std::vector<Query> all;
	std::ifstream queries(path_of(data, "squad2-fi/queries.tsv"));
	for (std::getline(queries, line); std::getline(queries, line);) {
		size_t a = line.find('\t');
		all.push_back({line.substr(0, a), line.substr(a + 1)});
	}
	std::set<std::string> chosen;
	for (size_t i = 0; i < wanted && !all.empty(); i++) {
		const Query &q = all[i * all.size() / wanted];
		if (chosen.insert(q.id).second)
			c.queries.push_back(q);
	}
	std::ifstream judgments(path_of(data, "squad2-fi/qrels.txt"));
	std::string query, zero, passage, value;
	while (judgments >> query >> zero >> passage >> value)
		if (chosen.count(query) && number.count(passage) && value != "0")
			c.relevant[query].insert(number[passage]);
	return c;
}

// The format of SMART: .I number, then fields that begin with a dot and a letter on a line of their own.
static void read_smart(const std::string &path, const std::string &fields,
		       const std::function<void(std::string, std::string)> &take)
{
	std::ifstream in(path);
	std::string line, id, text;
	bool wanted = false, any = false;
	while (std::getline(in, line)) {
		if (!line.empty() && line.back() == '\r')
			line.pop_back();
		if (line.compare(0, 3, ".I ") == 0) {
			if (any)
				take(id, text);
			id = line.substr(3);
			text.clear();
			any = true;
			wanted = false;
		} else if (line.size() == 2 && line[0] == '.' && g_ascii_isupper(line[1])) {
			wanted = fields.find(line[1]) != std::string::npos;
		} else if (wanted) {
			text += line + "\n";
		}
	}
	if (any)
		take(id, text);
}

static Collection read_english(const std::string &data, const char *name, const char *texts, const char *queries,
			       const char *judgments, bool by_place, bool trec)
{
	Collection c{name, "english", {}, {}, {}};
	std::map<int, int> number;
	read_smart(path_of(data, texts), "TAW", [&](std::string id, std::string text) {
		number[atoi(id.c_str())] = (int)c.texts.size();
		c.texts.push_back(text);
	});
	read_smart(path_of(data, queries), "W", [&](std::string id, std::string text) {
		int n = by_place ? (int)c.queries.size() + 1 : atoi(id.c_str());
		c.queries.push_back({std::to_string(n), text});
	});
	std::ifstream in(path_of(data, judgments));
	for (std::string line; std::getline(in, line);) {
		int query, a, b, value = 1;
		std::istringstream cells(line);
		if (!(cells >> query >> a))
			continue;
		if (trec) {
			if (!(cells >> b >> value) || value <= 0)
				continue;
			a = b;
		}
		if (number.count(a))
			c.relevant[std::to_string(query)].insert(number[a]);
	}
	return c;
}

// ---- the measure ----

static void judge(Score &s, const std::vector<int> &found, const std::set<int> &relevant)
{
	double gain = 0, best = 0;
	int first = 0;
	for (size_t i = 0; i < found.size() && i < 10; i++) {
		if (!relevant.count(found[i]))
			continue;
		gain += 1 / std::log2((double)i + 2);
		if (!first)
			first = (int)i + 1;
	}
	for (size_t i = 0; i < relevant.size() && i < 10; i++)
		best += 1 / std::log2((double)i + 2);
	s.queries++;
	s.hit += first > 0;
	s.reciprocal += first ? 1.0 / first : 0;
	s.gain += gain / best;
}

using Asker = std::function<std::vector<int>(const std::string &)>;

static Score ask_all(const Collection &c, const Asker &ask)
{
	Score s;
	for (const Query &q : c.queries) {
		auto relevant = c.relevant.find(q.id);
		if (relevant != c.relevant.end())
			judge(s, ask(q.text), relevant->second);
	}
	if (s.queries) {
		s.hit /= s.queries;
		s.reciprocal /= s.queries;
		s.gain /= s.queries;
	}
	return s;
}

// ---- FTS5 ----

static void run(sqlite3 *db, const char *sql)
{
	char *message = nullptr;
	if (sqlite3_exec(db, sql, nullptr, nullptr, &message) != SQLITE_OK) {
		fprintf(stderr, "bench_relevance: %s: %s\n", sql, message);
		exit(1);
	}
}

static sqlite3 *fts_index(const Collection &c, const char *tokenizer)
{
	sqlite3 *db = nullptr;
	sqlite3_open(":memory:", &db);
	text_register(db, "fi");
	run(db, (std::string("CREATE VIRTUAL TABLE t USING fts5(x, content='', tokenize='") + tokenizer + "'); BEGIN")
			.c_str());
	sqlite3_stmt *insert = nullptr;
	sqlite3_prepare_v2(db, "INSERT INTO t(rowid, x) VALUES (?, ?)", -1, &insert, nullptr);
	for (size_t i = 0; i < c.texts.size(); i++) {
		sqlite3_bind_int(insert, 1, (int)i + 1);
		sqlite3_bind_text(insert, 2, c.texts[i].data(), (int)c.texts[i].size(), SQLITE_STATIC);
		sqlite3_step(insert);
		sqlite3_reset(insert);
	}
	sqlite3_finalize(insert);
	run(db, "COMMIT");
	return db;
}

static std::vector<int> fts_ask(sqlite3 *db, const std::string &match)
{
	std::vector<int> found;
	sqlite3_stmt *select = nullptr;
	if (match.empty())
		return found;
	sqlite3_prepare_v2(db, "SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", -1, &select, nullptr);
	sqlite3_bind_text(select, 1, match.data(), (int)match.size(), SQLITE_TRANSIENT);
	int status;
	while ((status = sqlite3_step(select)) == SQLITE_ROW)
		found.push_back(sqlite3_column_int(select, 0) - 1);
	if (status != SQLITE_DONE)
		fprintf(stderr, "bench_relevance: %s: %s\n", sqlite3_errmsg(db), match.c_str());
	sqlite3_finalize(select);
	return found;
}

// The words between anything that is not a letter or digit, in quotes, joined by OR.
static std::string plain_match(const std::string &query)
{
	std::string match, word;
	auto end = [&] {
		if (!word.empty())
			match += (match.empty() ? "\"" : " OR \"") + word + "\"";
		word.clear();
	};
	for (unsigned char ch : query)
		if (g_ascii_isalnum(ch) || ch >= 0x80)
			word += (char)ch;
		else
			end();
	end();
	return match;
}

// A word, and if it is several with hyphens between, each of them.
static void add_word(GString *match, const text_word *word, unsigned classes)
{
	GString *one = g_string_new(nullptr);
	if (text_match_word(one, word, classes))
		g_string_append_printf(match, "%s%s", match->len ? " OR " : "", one->str);
	g_string_free(one, TRUE);
	for (guint i = 0; word->steps && i < word->steps->len; i++)
		add_word(match, static_cast<const text_word *>(word->steps->pdata[i]), classes);
}

// The small words are left out where there are others, as core/lookup does.
static std::string our_match(text_analyser *analyser, const std::string &query, unsigned classes)
{
	GPtrArray *words = text_query(analyser, query.data(), query.size(), FALSE);
	GString *match = g_string_new(nullptr);
	guint others = 0;
	for (guint i = 0; i < words->len; i++)
		others += !static_cast<text_word *>(words->pdata[i])->common;
	for (guint i = 0; i < words->len; i++) {
		if (others && static_cast<text_word *>(words->pdata[i])->common)
			continue;
		add_word(match, static_cast<text_word *>(words->pdata[i]), classes);
	}
	std::string made(match->str, match->len);
	g_string_free(match, TRUE);
	g_ptr_array_unref(words);
	return made;
}

// ---- find ----

// A store whose records are the texts, on disk for as long as it is asked.
struct Hub {
	std::string folder, path;
	store *s = nullptr;
	text_analyser *analyser = nullptr;

	void check(gboolean good, GError *error)
	{
		if (good)
			return;
		fprintf(stderr, "bench_relevance: %s\n", error ? error->message : "");
		exit(1);
	}

	explicit Hub(const Collection &c)
	{
		GError *error = nullptr;
		char *made = g_dir_make_tmp("meri-relevance-XXXXXX", &error);
		check(made != nullptr, error);
		folder = made;
		g_free(made);
		path = folder + "/meri.db";
		s = store_open(path.c_str(), STORE_WRITE, "fi", &error);
		check(s != nullptr, error);
		gint64 source;
		check(store_begin(s, &error) && store_source_ensure(s, "texts", "bench", &source, &error), error);
		for (size_t i = 0; i < c.texts.size(); i++) {
			std::string id = std::to_string(i);
			struct meri_record record = {};
			record.size = sizeof record;
			record.id = id.c_str();
			record.kind = MERI_DOCUMENT;
			record.text = c.texts[i].c_str();
			check(store_put(s, source, 1, &record, nullptr, nullptr, &error), error);
		}
		check(store_commit(s, &error) && lookup_prepare(s, &error), error);
		desk_wait(s);
		analyser = text_analyser_new("fi");
	}

	Hub(const Hub &) = delete;
	Hub &operator=(const Hub &) = delete;

	~Hub()
	{
		text_analyser_free(analyser);
		store_close(s);
		for (const char *end : {"", "-wal", "-shm", ".lock"})
			unlink((path + end).c_str());
		rmdir(folder.c_str());
	}

	// The words, one of which is enough, as find walks and ranks them where no record has all.
	std::vector<int> ask(const std::string &text)
	{
		GError *error = nullptr;
		std::string words;
		for (unsigned char ch : text)
			words += g_ascii_isalnum(ch) || ch >= 0x80 ? g_ascii_tolower((char)ch) : ' ';
		struct desk *desk = desk_ready(s, &error);
		struct sieve *sieve = desk ? sieve_new(s, desk->shelf, &error) : nullptr;
		check(sieve != nullptr, error);
		struct sieve_basis basis = sieve_measure(sieve);
		struct lookup_query *query = lookup_query_read(words.c_str(), base_now());
		struct lookup_match *match =
			lookup_match_make(s, analyser, nullptr, query, basis.records, LOOKUP_MATCH_ANY);
		match->plan.average = basis.average;
		match->plan.now = base_now();
		struct walk walk = {};
		walk.sieve = sieve;
		walk.plan = &match->plan;
		walk.candidates = g_array_new(FALSE, FALSE, sizeof(struct candidate));
		walk.limit = walk.visits = walk.ranked = G_MAXUINT;
		check(!match->fts || walk_words(s, &walk, match->fts, match, 0, G_MAXINT64, &error), error);
		g_array_sort(walk.candidates, candidate_order);
		std::vector<int> found;
		for (guint i = 0; i < walk.candidates->len && i < 10; i++)
			found.push_back((int)g_array_index(walk.candidates, struct candidate, i).id - 1);
		g_array_unref(walk.candidates);
		lookup_match_free(match);
		lookup_query_free(query);
		sieve_free(sieve);
		return found;
	}
};

static Score ask_find(const Collection &c)
{
	Hub hub(c);
	return ask_all(c, [&](const std::string &query) { return hub.ask(query); });
}

// ---- Xapian ----

static Score ask_xapian(const Collection &c, const std::string &language)
{
	Xapian::WritableDatabase db(std::string(), Xapian::DB_BACKEND_INMEMORY);
	Xapian::TermGenerator generator;
	Xapian::Stem stem(language);
	generator.set_stemmer(stem);
	for (const std::string &text : c.texts) {
		Xapian::Document document;
		generator.set_document(document);
		generator.index_text(text);
		db.add_document(document);
	}
	Xapian::QueryParser parser;
	parser.set_stemmer(stem);
	parser.set_stemming_strategy(Xapian::QueryParser::STEM_SOME);
	parser.set_default_op(Xapian::Query::OP_OR);
	parser.set_database(db);
	Xapian::Enquire enquire(db);
	return ask_all(c, [&](const std::string &query) {
		std::vector<int> found;
		std::string words; // no operators: capitals and signs mean something to its parser
		for (unsigned char ch : query)
			words += g_ascii_isalnum(ch) || ch >= 0x80 ? g_ascii_tolower((char)ch) : ' ';
		enquire.set_query(parser.parse_query(words, 0));
		Xapian::MSet set = enquire.get_mset(0, 10);
		for (auto i = set.begin(); i != set.end(); ++i)
			found.push_back((int)*i - 1);
		return found;
	});
}

// ---- the table ----

static void print(const char *way, const Score &s)
{
	printf("  %-28s hit@10 %.3f  MRR %.3f  nDCG@10 %.3f\n", way, s.hit, s.reciprocal, s.gain);
}

static Score ask_fts(const Collection &c, const char *tokenizer)
{
	sqlite3 *db = fts_index(c, tokenizer);
	Score s = ask_all(c, [&](const std::string &query) { return fts_ask(db, plain_match(query)); });
	sqlite3_close(db);
	return s;
}

static std::string compare(const Collection &c)
{
	printf("%s: %zu texts, %zu queries\n", c.name.c_str(), c.texts.size(), c.queries.size());
	text_analyser *analyser = text_analyser_new("fi");
	sqlite3 *db = fts_index(c, "meri");
	Score ours = ask_all(c, [&](const std::string &q) { return fts_ask(db, our_match(analyser, q, TEXT_SURE)); });
	Score folded = ask_all(c, [&](const std::string &q) {
		return fts_ask(db, our_match(analyser, q, TEXT_SURE | 1u << TEXT_FOLDED));
	});
	Score all = ask_all(c, [&](const std::string &q) { return fts_ask(db, our_match(analyser, q, TEXT_ALL)); });
	sqlite3_close(db);
	text_analyser_free(analyser);
	Score unicode = ask_fts(c, "unicode61"), porter = ask_fts(c, "porter unicode61"),
	      xapian = ask_xapian(c, c.language);
	Score find = ask_find(c);
	print("ours, as find ranks", find);
	print("ours, by FTS5's bm25", all);
	print("ours, without parts", folded);
	print("ours, sure readings only", ours);
	print("unicode61", unicode);
	print("porter", porter);
	print("Xapian, its own stemmer", xapian);
	char line[200];
	double best = std::max({unicode.gain, porter.gain, xapian.gain});
	snprintf(line, sizeof line, " %s %.3f (best other %.3f)", c.name.c_str(), find.gain, best);
	return line;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: bench_relevance DATA [QUERIES]\n");
		return 2;
	}
	std::string data = argv[1], last;
	std::vector<Collection> all;
	all.push_back(read_squad(data, argc > 2 ? (size_t)atoi(argv[2]) : 2000));
	all.push_back(read_english(data, "Cranfield", "cranfield/cran.all.1400", "cranfield/cran.qry",
				   "cranfield/cranqrel", true, false));
	all.push_back(read_english(data, "CISI", "cisi/CISI.ALL", "cisi/CISI.QRY", "cisi/CISI_REL.TREC", false, true));
	all.push_back(read_english(data, "CACM", "cacm/cacm.all", "cacm/query.text", "cacm/qrels.text", false, false));
	for (const Collection &c : all)
		if (c.texts.empty())
			printf("%s: not there, skipped\n", c.name.c_str());
		else
			last += compare(c);
	printf("bench-relevance: nDCG@10%s\n", last.c_str());
	return 0;
}
