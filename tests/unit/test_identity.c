/* Who is this about: records resolved one by one, in whatever order they come. */
#include "identitytest.h"

static void keys_link(void **state)
{
	struct hub *hub = *state;
	gint64 acme = hub_customer(hub, HINTED(hub, "crm", MERI_ACCOUNT, "account/1", "Virtasen Konepaja Oy", "crm-id",
					       "1", "business-id", "0112038-9", "domain", "virtasenkonepaja.fi",
					       "phone", "09 123 4567"));
	assert_int_equal(acme, 1);
	LINKS(hub, hub_mail(hub, "m1", "Matti", "matti@virtasenkonepaja.fi", 5000), "1+");
	LINKS(hub, hub_mail(hub, "m2", "Matti", "matti@gmail.com", 5000), "");
	LINKS(hub, HINTED(hub, "erp", MERI_TICKET, "t1", "Vika", "business-id", "FI01120389"), "1+");
	LINKS(hub, HINTED(hub, "crm", MERI_DEAL, "d1", "Tarjous", "crm-id", "1"), "1+");
	LINKS(hub, HINTED(hub, "crm", MERI_DEAL, "d2", "Tarjous", "crm-id", "2"), "");
	LINKS(hub, HINTED(hub, "jira", MERI_TICKET, "t2", "Vika", "name", "VIRTASEN KONEPAJA"), "1+");
	LINKS(hub, HINTED(hub, "jira", MERI_TICKET, "t3", "Vika", "phone", "+358 9 1234567"), "1+");
	LINKS(hub, HINTED(hub, "jira", MERI_TICKET, "t4", "Vika", "name", "Virtasen Konepja"), "1?");
}

/* The mails were there first: what the CRM tells later links them. */
static void keys_come_later(void **state)
{
	struct hub *hub = *state;
	gint64 mail = hub_mail(hub, "m1", "Matti", "Matti.Virtanen@VirtasenKonepaja.fi", 5000);
	gint64 deal = HINTED(hub, "crm", MERI_DEAL, "d1", "Tarjous", "crm-id", "1");
	LINKS(hub, mail, "");
	gint64 account = HINTED(hub, "crm", MERI_ACCOUNT, "account/1", "Virtasen Konepaja Oy", "crm-id", "1", "domain",
				"www.virtasenkonepaja.fi");
	LINKS(hub, mail, "1+");
	LINKS(hub, deal, "1+");
	LINKS(hub, account, "1+");
	HINTED(hub, "crm", MERI_ACCOUNT, "account/1", "Virtasen Konepaja Oy", "crm-id", "1", "domain",
	       "toinen.fi"); /* it moved */
	LINKS(hub, mail, "");
	LINKS(hub, deal, "1+");
	hub_take(hub, "crm", "account/1");
	LINKS(hub, deal, "");
	gint64 again = HINTED(hub, "crm", MERI_ACCOUNT, "account/1", "Virtasen Konepaja Oy", "crm-id", "1");
	assert_int_equal(hub_customer(hub, again), 1); /* the id is for ever */
	LINKS(hub, deal, "1+");
}

static void people_and_employers(void **state)
{
	struct hub *hub = *state;
	HINTED(hub, "crm", MERI_ACCOUNT, "account/1", "Virtasen Konepaja Oy", "crm-id", "1");
	HINTED(hub, "crm", MERI_ACCOUNT, "account/2", "Lahden Valimo Oy", "crm-id", "2");
	gint64 contact = HINTED(hub, "crm", MERI_PERSON, "contact/1", "Liisa Korhonen", "crm-id", "1", "e-mail",
				"liisa@virtasenkonepaja.fi");
	assert_int_equal(hub_customer(hub, contact), 3);
	LINKS(hub, contact, "1+ 3+");
	LINKS(hub, hub_mail(hub, "m1", "Liisa", "liisa@virtasenkonepaja.fi", 500), "1+ 3+");
	LINKS(hub, hub_mail(hub, "m2", "Pekka", "pekka@virtasenkonepaja.fi", 500),
	      "1+"); /* the domain looks like the employer */
	gint64 other = HINTED(hub, "crm", MERI_PERSON, "contact/2", "Antti Laine", "crm-id", "2", "e-mail",
			      "antti@konsultti.fi");
	LINKS(hub, other, "2+ 4+");
	LINKS(hub, hub_mail(hub, "m3", "Kaisa", "kaisa@konsultti.fi", 500), "2?"); /* it does not */
	LINKS(hub, hub_mail(hub, "m4", "Antti", "antti@konsultti.fi", 500), "2? 4+");
}

/* A contact who moves on keeps the history. */
static void moving_on(void **state)
{
	struct hub *hub = *state;
	HINTED(hub, "crm", MERI_ACCOUNT, "account/1", "Virtasen Konepaja Oy", "crm-id", "1");
	HINTED(hub, "crm", MERI_ACCOUNT, "account/2", "Lahden Valimo Oy", "crm-id", "2");
	HINTED(hub, "crm", MERI_PERSON, "contact/1", "Liisa Korhonen", "crm-id", "1", "e-mail",
	       "liisa.korhonen@gmail.com");
	gint64 before = hub_mail(hub, "m1", "Liisa", "liisa.korhonen@gmail.com", 500);
	LINKS(hub, before, "1+ 3+");
	HINTED(hub, "crm", MERI_PERSON, "contact/1", "Liisa Korhonen", "crm-id", "2", "e-mail",
	       "liisa.korhonen@gmail.com"); /* updated at 1000 */
	LINKS(hub, before, "1+ 3+");
	LINKS(hub, hub_mail(hub, "m2", "Liisa", "liisa.korhonen@gmail.com", 1500), "2+ 3+");
	g_autoptr(identity_view) view = NULL;
	GOOD(view = identity_customer(hub->s, 1, error));
	assert_int_equal(view->people->len, 1);
	assert_int_equal(((struct identity_person_of *)g_ptr_array_index(view->people, 0))->until, 1000);
}

/* Two accounts claim one domain: what it says is a suggestion for both. */
static void a_claimed_twice_key_is_in_doubt(void **state)
{
	struct hub *hub = *state;
	HINTED(hub, "crm", MERI_ACCOUNT, "account/1", "Virtasen Konepaja Oy", "crm-id", "1", "domain", "yhteinen.fi");
	gint64 mail = hub_mail(hub, "m1", "Matti", "matti@yhteinen.fi", 5000);
	LINKS(hub, mail, "1+");
	HINTED(hub, "crm", MERI_ACCOUNT, "account/2", "Lahden Valimo Oy", "crm-id", "2", "domain", "yhteinen.fi");
	LINKS(hub, mail, "1? 2?");
	hub_take(hub, "crm", "account/2");
	LINKS(hub, mail, "1+");
}

static void own_and_public_domains_tell_nothing(void **state)
{
	struct hub *hub = *state;
	HINTED(hub, "crm", MERI_ACCOUNT, "account/1", "Tmi Pieni", "crm-id", "1", "domain", "gmail.com", "e-mail",
	       "pieni@gmail.com");
	HINTED(hub, "crm", MERI_ACCOUNT, "account/2", "Me Itse Oy", "crm-id", "2", "domain", "meri-demo.fi");
	LINKS(hub, hub_mail(hub, "m1", "Joku", "joku@gmail.com", 1), "");
	LINKS(hub, hub_mail(hub, "m2", "Kollega", "kollega@meri-demo.fi", 1), "");
	LINKS(hub, hub_mail(hub, "m3", "Pieni", "p.i.e.n.i+tilaus@googlemail.com", 1), "1+");
}

/* The same organisation out of two systems is one customer; one that is only called alike is a suggestion. */
static void two_systems_one_customer(void **state)
{
	struct hub *hub = *state;
	gint64 a = HINTED(hub, "crm", MERI_ACCOUNT, "account/1", "Virtasen Konepaja Oy", "crm-id", "1", "business-id",
			  "0112038-9");
	gint64 b = HINTED(hub, "erp", MERI_ACCOUNT, "c77", "VIRTASEN KONEPAJA", "business-id", "FI01120389");
	gint64 c = HINTED(hub, "erp", MERI_ACCOUNT, "c78", "Lahden Valimo", "domain", "lahdenvalimo.fi");
	assert_int_equal(hub_customer(hub, a), 1);
	assert_int_equal(hub_customer(hub, b), 1);
	assert_int_equal(hub_customer(hub, c), 3);
	hub_take(hub, "crm", "account/1");
	assert_int_equal(hub_customer(hub, b), 1); /* the customer's id outlives the record that it came from */
	assert_int_equal(identity_now(hub->s, 1), 1);
}

static void names_in_texts(void **state)
{
	struct hub *hub = *state;
	HINTED(hub, "crm", MERI_ACCOUNT, "a1", "Virtasen Konepaja Oy", "crm-id", "1");
	HINTED(hub, "crm", MERI_ACCOUNT, "a2", "Kone Oyj", "crm-id", "2");
	HINTED(hub, "crm", MERI_ACCOUNT, "a3", "Fortumix Oy", "crm-id", "3");
	HINTED(hub, "crm", MERI_ACCOUNT, "a4", "Konepaja Virtasen Huolto Oy", "crm-id", "4");
	LINKS(hub, hub_note(hub, "n1", NULL, "Soitto: Virtasen Konepajalle pitää lähettää tarjous."), "1+");
	LINKS(hub, hub_note(hub, "n2", NULL, "Tavattiin Fortumixin väki messuilla."), "3+");
	LINKS(hub, hub_note(hub, "n3", NULL, "Kone meni rikki ja huolto tulee huomenna."), "");
	LINKS(hub, hub_note(hub, "n4", NULL, "Tilaus tuli, Kone Oyj maksaa kuun lopussa."), "2+");
	LINKS(hub, hub_note(hub, "n5", NULL, "virtasen konepajan laskut ja FORTUMIX"), "1+ 3+");
	LINKS(hub, hub_note(hub, "n6", NULL, "Ei ketään."), "");
	LINKS(hub, hub_note(hub, "n7", "loki", "Palaveri: Virtasen Konepaja, uusi sopimus."), "1+");
	LINKS(hub, hub_note(hub, "n8", "loki", "Konepajalle luvattiin vastaus perjantaina."), "1+");
	LINKS(hub, hub_note(hub, "n9", "toinen", "Konepajalle luvattiin vastaus perjantaina."), "");
	LINKS(hub, hub_note(hub, "n10", NULL, "Virtasen veljekset ja konepaja olivat paikalla."), "");
}

/* People say the first word for the whole, and name the contact. A place's name is the customer's only in its company.
 */
static void what_people_say_for_a_name(void **state)
{
	struct hub *hub = *state;
	gboolean more;
	HINTED(hub, "crm", MERI_ACCOUNT, "a1", "Meriharjun Meijeri Oy", "crm-id", "1");
	HINTED(hub, "crm", MERI_ACCOUNT, "a2", "Kantolan Leipomo Oy", "crm-id", "2", "domain", "kantola.fi");
	HINTED(hub, "crm", MERI_PERSON, "p1", "Ville-Veikko Ahvensalmi", "crm-id", "1");
	LINKS(hub, hub_note(hub, "n1", NULL, "Soitin Meriharjulle eilen."), "1+");
	LINKS(hub, hub_note(hub, "n2", NULL, "Ville-Veikko Ahvensalmi soitti pumpusta."), "1+ 3+");
	LINKS(hub, hub_note(hub, "n3", NULL, "ville-veikko ahvensalmi"), "");
	gint64 early = hub_note(hub, "n4", NULL, "Kantolalle toimitus myöhästyi.");
	LINKS(hub, early, "");
	for (int n = 0; n < 3; n++) {
		g_autofree char *id = g_strdup_printf("m%d", n);
		const struct meri_party parties[] = {{"from", "Marjo", "marjo@kantola.fi", NULL}};
		struct meri_record mail = {.size = sizeof mail,
					   .id = id,
					   .kind = MERI_MESSAGE,
					   .text = "Milloin tavara tulee? Terveisin Marjo, Kantola",
					   .parties = parties,
					   .n_parties = 1};
		hub_put(hub, "mail", &mail);
	}
	LINKS(hub, hub_note(hub, "n5", NULL, "Kantolan lasku on auki."), "2+");
	GOOD(store_begin(hub->s, error));
	do
		GOOD(identity_look_back(hub->i, hub->s, 10, &more, error));
	while (more);
	GOOD(store_commit(hub->s, error));
	LINKS(hub, early, "2+");
}

static void idle(struct hub *hub)
{
	gboolean more;
	GOOD(store_begin(hub->s, error));
	do
		GOOD(identity_look_back(hub->i, hub->s, 10, &more, error));
	while (more);
	GOOD(store_commit(hub->s, error));
}

static gint64 internal_mail(struct hub *hub, const char *id, const char *answers, const char *text)
{
	const struct meri_party parties[] = {{"from", "Sanna", "sanna@meri-demo.fi", NULL}};
	struct meri_record mail = {.size = sizeof mail,
				   .id = id,
				   .kind = MERI_MESSAGE,
				   .text = text,
				   .parent = answers,
				   .parties = parties,
				   .n_parties = 1};
	return hub_put(hub, "mail", &mail);
}

/* All of it arrives before the customers do, and is understood when they are there. */
static void what_came_before_the_customers(void **state)
{
	struct hub *hub = *state;
	gint64 answer = internal_mail(hub, "m2", "m1", "Kiitos, hoidan sen."),
	       mail = internal_mail(hub, "m1", NULL, "Hakkarin Konepaja pyysi tarjouksen."),
	       owner = hub_note(hub, "n1", NULL, "Hakkarille uusi tarjous perjantaina."),
	       turned = hub_note(hub, "n2", NULL, "Lumpeen Juhalle lähtee kaksi konetta."),
	       hyphen = hub_note(hub, "n4", NULL, "Sähkö-Nuottisen asennus viivästyi."),
	       light = hub_note(hub, "n5", NULL, "Hyvä valo on puoli työtä.");
	HINTED(hub, "crm", MERI_PERSON, "p1", "Eino Hakkari", "crm-id", "1");
	HINTED(hub, "crm", MERI_PERSON, "p2", "Juha Lumme", "crm-id", "2");
	HINTED(hub, "crm", MERI_ACCOUNT, "a1", "Hakkarin Konepaja Oy", "crm-id", "1");
	HINTED(hub, "crm", MERI_ACCOUNT, "a2", "Pajulan Huolto Oy", "crm-id", "2");
	HINTED(hub, "crm", MERI_ACCOUNT, "a3", "Kuljetus Hakkarainen Oy", "crm-id", "3");
	HINTED(hub, "crm", MERI_ACCOUNT, "a4", "Sähkö-Nuottinen Oy", "crm-id", "4");
	HINTED(hub, "crm", MERI_ACCOUNT, "a5", "Valo Oy", "crm-id", "5");
	idle(hub);
	LINKS(hub, mail, "3+");
	LINKS(hub, answer, "3+");
	LINKS(hub, owner, "3+");
	LINKS(hub, turned, "2+ 4+");
	LINKS(hub, hub_note(hub, "n3", NULL, "Kuljetus Hakkariselle viisi lavaa."), "5+"); /* a slip */
	LINKS(hub, hyphen, "6+");
	LINKS(hub, light, "");
}

static void names_that_come_later(void **state)
{
	struct hub *hub = *state;
	gboolean more;
	gint64 note = hub_note(hub, "n1", NULL, "Soitto: Virtasen Konepajalle pitää lähettää tarjous.");
	HINTED(hub, "crm", MERI_ACCOUNT, "a1", "Virtasen Konepaja Oy", "crm-id", "1");
	LINKS(hub, note, "");
	GOOD(store_begin(hub->s, error));
	GOOD(identity_look_back(hub->i, hub->s, 10, &more, error));
	GOOD(store_commit(hub->s, error));
	assert_false(more);
	LINKS(hub, note, "1+");
}

static void assert_finds(struct hub *hub, const char *text, gint64 expected)
{
	g_autoptr(GPtrArray) found = NULL;
	GOOD(found = identity_find(hub->i, hub->s, text, 10, error));
	gint64 first = found->len > 0 ? ((struct identity_found *)g_ptr_array_index(found, 0))->id : 0;
	if (first != expected)
		fail_msg("'%s' finds %lld first, not %lld", text, (long long)first, (long long)expected);
}

/* As they are typed; of two with the same words the one that has them in the order asked for stands clearly first. */
static void asking_letter_by_letter(void **state)
{
	struct hub *hub = *state;
	HINTED(hub, "crm", MERI_ACCOUNT, "account/1", "Konepaja Virtanen Ky", "crm-id", "1");
	HINTED(hub, "crm", MERI_ACCOUNT, "account/2", "Virtasen Konepaja Oy", "crm-id", "2", "domain",
	       "virtasenpaja.fi");
	HINTED(hub, "crm", MERI_PERSON, "contact/1", "Liisa Korhonen", "e-mail", "liisa.korhonen@virtasenpaja.fi");
	static const struct {
		const char *text;
		gint64 first;
	} orders[] = {{"virtasen konepajalle", 2}, {"Virtasen Konepaja", 2}, {"konepaja virtasen", 1},
		      {"Konepaja Virtaselle", 1}};
	for (gsize n = 0; n < G_N_ELEMENTS(orders); n++) {
		g_autoptr(GPtrArray) found = NULL;
		GOOD(found = identity_find(hub->i, hub->s, orders[n].text, 10, error));
		assert_int_equal(found->len, 2);
		const struct identity_found *best = g_ptr_array_index(found, 0), *other = g_ptr_array_index(found, 1);
		assert_int_equal(best->id, orders[n].first);
		assert_true(other->likeness < best->likeness * 0.98); /* it is not offered beside it */
	}
	assert_finds(hub, "virtasen k", 2);
	assert_finds(hub, "konepaja v", 1);
	assert_finds(hub, "li", 3);
	assert_finds(hub, "liisa ko", 3);
	assert_finds(hub, "korhonen l", 3);
	assert_finds(hub, "liisa.korhonen@virt", 3);
	assert_finds(hub, "virtasenp", 2);
}

/* A customer that somebody made by hand is found as any other, until it is taken back. */
static void asking_for_what_was_made_by_hand(void **state)
{
	struct hub *hub = *state;
	struct identity_effect effect;
	json_t *what = json_pack("{s:s, s:s}", "kind", "create", "name", "Puolukkasuon Turve Oy");
	GOOD(store_begin(hub->s, error));
	GOOD(identity_decide(hub->i, hub->s, what, "sanna", NULL, 100, FALSE, &effect, error));
	GOOD(store_commit(hub->s, error));
	assert_finds(hub, "puolukkas", effect.customer);
	assert_finds(hub, "turve puolukkasuon", effect.customer);
	GOOD(store_begin(hub->s, error));
	gint64 decision = effect.decision;
	identity_effect_clear(&effect);
	GOOD(identity_undo(hub->i, hub->s, decision, "sanna", NULL, 200, FALSE, &effect, error));
	GOOD(store_commit(hub->s, error));
	assert_finds(hub, "puolukkas", 0);
	identity_effect_clear(&effect);
	json_decref(what);
}

static void asking(void **state)
{
	struct hub *hub = *state;
	HINTED(hub, "crm", MERI_ACCOUNT, "account/1", "Virtasen Konepaja Oy", "crm-id", "SF-1", "business-id",
	       "0112038-9", "domain", "virtasenkonepaja.fi", "phone", "040 123 4567");
	HINTED(hub, "crm", MERI_ACCOUNT, "account/2", "Hämeen Sähkö ja Automaatio Oy", "crm-id", "SF-2");
	HINTED(hub, "crm", MERI_PERSON, "contact/1", "Liisa Korhonen", "crm-id", "SF-1", "e-mail",
	       "liisa@virtasenkonepaja.fi");
	HINTED(hub, "crm", MERI_ACCOUNT, "account/3", "Fortumix Oyj", "crm-id", "SF-3");
	static const char *const first[] = {"Virtasen Konepaja",
					    "virtasen konepajalle",
					    "Konepaja",
					    "konepajan",
					    "Virtasen Konepja Oy",
					    "0112038-9",
					    "FI01120389",
					    "virtasenkonepaja.fi",
					    "myynti@virtasenkonepaja.fi",
					    "+358401234567",
					    "SF-1",
					    "c1",
					    "virt",
					    NULL};
	for (int n = 0; first[n] != NULL; n++)
		assert_finds(hub, first[n], 1);
	assert_finds(hub, "hameen sahko", 2);
	assert_finds(hub, "Hämeen Sähkölle", 2);
	assert_finds(hub, "liisa korhonen", 3);
	assert_finds(hub, "Korhonen, Liisa", 3);
	assert_finds(hub, "Korhosen", 3);
	assert_finds(hub, "liisa@virtasenkonepaja.fi", 3);
	assert_finds(hub, "Fortumixille", 4);
	assert_finds(hub, "Olematon Yhtiö", 0);
	assert_finds(hub, "", 0);
	assert_finds(hub, "c99", 0);
	hub_mail(hub, "m1", "Liisa", "liisa@virtasenkonepaja.fi", 1700000000);
	hub_mail(hub, "m2", "Pekka", "pekka@virtasenkonepaja.fi", 1600000000);
	g_autoptr(identity_view) view = NULL;
	GOOD(view = identity_customer(hub->s, 1, error));
	assert_string_equal(view->name, "Virtasen Konepaja Oy");
	assert_int_equal(view->records, 4); /* account, contact, two mails */
	assert_int_equal(view->last, 1700000000);
	assert_int_equal(view->people->len, 2);
	assert_int_equal(view->years->len, 2);
	g_autoptr(GError) absent = NULL;
	assert_null(identity_customer(hub->s, 99, &absent));
	assert_true(g_error_matches(absent, IDENTITY_ERROR, IDENTITY_ERROR_ABSENT));
}

static void nobody_we_know(void **state)
{
	struct hub *hub = *state;
	hub_mail(hub, "m1", "A", "a@uusi.fi", 10);
	gint64 newest = hub_mail(hub, "m2", "B", "b@uusi.fi", 20);
	hub_mail(hub, "m3", "C", "c@gmail.com", 30);
	hub_note(hub, "n1", NULL, "Ei ketään.");
	g_autoptr(GPtrArray) groups = NULL;
	GOOD(groups = identity_unmatched(hub->s, 10, error));
	assert_int_equal(groups->len, 3);
	const struct identity_unmatched *first = g_ptr_array_index(groups, 0), *last = g_ptr_array_index(groups, 2);
	assert_string_equal(first->kind, "domain");
	assert_string_equal(first->value, "uusi.fi");
	assert_int_equal(first->records, 2);
	assert_int_equal(first->sample, newest);
	assert_string_equal(last->kind, "");
}

static void reasons(void **state)
{
	struct hub *hub = *state;
	HINTED(hub, "crm", MERI_ACCOUNT, "account/1", "Virtasen Konepaja Oy", "crm-id", "1", "domain",
	       "virtasenkonepaja.fi");
	gint64 mail = hub_mail(hub, "m1", "Matti", "matti@virtasenkonepaja.fi", 5000);
	g_autoptr(GPtrArray) why = NULL;
	GOOD(why = identity_why(hub->s, mail, error));
	assert_int_equal(why->len, 1);
	const struct identity_reasons *one = g_ptr_array_index(why, 0);
	assert_string_equal(one->rule, "domain");
	assert_string_equal(one->words, "virtasenkonepaja.fi");
	assert_int_equal(one->strength, 2);
}

/* Resolving everything again, as after new rules, gives what there was. */
static void resolving_again_changes_nothing(void **state)
{
	struct hub *hub = *state;
	HINTED(hub, "crm", MERI_ACCOUNT, "account/1", "Virtasen Konepaja Oy", "crm-id", "1", "domain",
	       "virtasenkonepaja.fi");
	HINTED(hub, "crm", MERI_PERSON, "contact/1", "Liisa Korhonen", "crm-id", "1", "e-mail",
	       "liisa@virtasenkonepaja.fi");
	gint64 mail = hub_mail(hub, "m1", "Matti", "matti@virtasenkonepaja.fi", 5000), last = 0;
	gint64 note = hub_note(hub, "n1", NULL, "Virtasen Konepajan tarjous");
	GOOD(store_begin(hub->s, error));
	GOOD(identity_resolve_stored(hub->i, hub->s, 0, 100, &last, error));
	GOOD(store_commit(hub->s, error));
	assert_int_equal(last, note);
	LINKS(hub, mail, "1+");
	LINKS(hub, note, "1+");
	LINKS(hub, 2, "1+ 2+");
}

#define HUB(test) cmocka_unit_test_setup_teardown(test, hub_make, hub_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HUB(keys_link),
		HUB(keys_come_later),
		HUB(people_and_employers),
		HUB(moving_on),
		HUB(a_claimed_twice_key_is_in_doubt),
		HUB(own_and_public_domains_tell_nothing),
		HUB(two_systems_one_customer),
		HUB(names_in_texts),
		HUB(names_that_come_later),
		HUB(what_people_say_for_a_name),
		HUB(what_came_before_the_customers),
		HUB(asking), HUB(asking_letter_by_letter), HUB(asking_for_what_was_made_by_hand),
		HUB(nobody_we_know),
		HUB(reasons),
		HUB(resolving_again_changes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
