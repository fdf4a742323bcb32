#include "identity/legal_forms.h"

#include <stddef.h>

#define E(words) {words, 0}
#define B(words) {words, 1}

const struct identity_form identity_forms[] = {
	/* Finland */
	B("oy"), B("oyj"), B("oy ab"), B("oyj abp"), B("ab oy"), B("ky"), B("kommandiittiyhtio"), B("ay"), B("avoin yhtio"), B("tmi"), B("t mi"),
	B("toiminimi"), B("osk"), B("osuuskunta"), B("ok"), B("ry"), B("rf"), B("rekisteroity yhdistys"), B("sr"), B("rs"), B("saatio sr"), B("osakeyhtio"),
	B("julkinen osakeyhtio"), B("asunto oy"), B("as oy"), B("asunto osakeyhtio"), B("bostads ab"), B("kiinteisto oy"), B("koy"),
	B("fastighets ab"), E("oy ltd"), E("oyj plc"), E("ltd oy"), E("abp"), E("andelslag"), E("anl"), E("kb"), E("oab"), E("oy fi"),
	E("sivuliike"), E("suomen sivuliike"), E("finland branch"), E("filial i finland"),
	/* Sweden, Norway, Denmark, Iceland, Faroes */
	B("ab"), B("aktiebolag"), B("aktiebolaget"), E("ab publ"), E("publ"), B("hb"), B("handelsbolag"), B("kommanditbolag"), B("ek for"), E("ekonomisk forening"),
	E("enskild firma"), E("ef"), E("ideell forening"), E("bankaktiebolag"), B("as"), B("asa"), B("a s"), E("ans"), E("ba"), E("enk"), E("nuf"), E("sa"),
	E("stiftelse"), E("aksjeselskap"), E("aktieselskab"), E("aps"), E("anpartsselskab"), E("is"), E("i s"), E("ks"), E("k s"), E("ivs"), E("amba"),
	E("fmba"), E("smba"), E("p s"), E("partnerselskab"), E("ehf"), E("hf"), E("slf"), E("slhf"), E("ohf"), E("sf"), E("spf"), E("pf"), E("p f"),
	/* Estonia, Latvia, Lithuania */
	B("ou"), B("osauhing"), B("aktsiaselts"), B("mtu"), B("fie"), B("tu"), B("uu"), B("sihtasutus"), B("tulundusuhistu"), B("sia"), B("a s"), B("ik"),
	B("uab"), B("ab"), B("mb"), B("vsi"), B("ii"), B("zub"), B("tub"), B("kub"),
	/* Germany, Austria, Switzerland, Liechtenstein */
	E("gmbh"), E("ggmbh"), E("mbh"), E("gesmbh"), E("ges m b h"), E("ges mbh"), E("gmbh co kg"), E("gmbh cokg"), E("gmbh und co kg"), E("gmbh co kgaa"), E("gmbh co ohg"),
	E("gmbh co"), E("ag"), E("ag co kg"), E("ag co kgaa"), E("ag co ohg"), E("kg"), E("kgaa"), E("kg aa"), E("ohg"), E("og"), E("oeg"), E("keg"), E("gbr"),
	E("ug"), E("ug haftungsbeschrankt"), E("haftungsbeschrankt"), E("ug haftungsbeschrankt co kg"), E("e k"), E("ek"), E("e kfm"), E("ekfm"), E("e kfr"), E("e kffr"),
	E("e u"), E("eu"), E("ev"), E("e v"), E("eg"), E("e g"), E("egen"), E("egmbh"), E("vvag"), E("partg"), E("partg mbb"), E("partgmbb"), E("mbb"), E("se"),
	E("se co kg"), E("se co kgaa"), E("gesbr"), E("einzelfirma"), E("aktiengesellschaft"), E("gesellschaft mit beschrankter haftung"),
	E("kommanditgesellschaft"), E("offene handelsgesellschaft"), E("eingetragener verein"), E("eingetragene genossenschaft"), E("stiftung co kg"),
	E("invag"), E("kollg"), E("kommg"), E("gmbh cie"), E("gmbh cie kg"), E("co kg"), E("co kgaa"), E("co ohg"), E("sagl"), E("sarl"), E("sa"),
	/* Netherlands, Belgium, Luxembourg */
	E("bv"), E("b v"), E("nv"), E("n v"), E("vof"), E("v o f"), E("cv"), E("c v"), E("bvba"), E("ebvba"), E("cvba"), E("cvoa"), E("commv"), E("comm v"), E("comm va"),
	E("gcv"), E("vzw"), E("ivzw"), E("asbl"), E("aisbl"), E("sprl"), E("sprlu"), E("scrl"), E("scri"), E("snc"), E("scs"), E("sca"), E("sc"), E("srl"), E("besloten vennootschap"),
	E("naamloze vennootschap"), E("cooperatie"), E("cooperatie ua"), E("cooperatieve ua"), E("ua"), E("ba"), E("wa"), E("eesv"), E("vve"), E("secs"), E("senc"), E("sarl s"), E("scsp"),
	E("secsp"), E("sicav"), E("sicaf"), E("soparfi"), E("gie"), E("geie"), E("vba"), E("avv"),
	/* France, Monaco, Québec */
	E("sas"), E("sasu"), E("s a s"), E("s a"), E("eurl"), E("selarl"), E("selas"), E("sci"), E("scm"), E("scp"), E("scop"), E("scic"), E("sa dom"), E("ei"), E("eirl"), E("earl"), E("gaec"), E("sam"), E("suarl"),
	B("societe anonyme"), B("societe par actions simplifiee"), B("societe a responsabilite limitee"), B("societe en commandite"), B("ste"), B("sarl"), B("sas"), B("sa"),
	E("ltee"), E("limitee"), E("enr"), E("inc ltee"), E("et cie"), E("cie"), E("sencrl"), E("sec"),
	/* Italy, Spain, Portugal */
	E("spa"), E("s p a"), E("srls"), E("srl semplificata"), E("sapa"), E("snc"), E("sas di"), E("ss"), E("scarl"), E("scrl"), E("soc coop"), E("societa cooperativa"), E("scpa"), E("onlus"), E("aps ets"), E("ets"),
	E("societa per azioni"), E("societa a responsabilita limitata"), E("s r l"), E("unipersonale"), E("srl unipersonale"), E("in liquidazione"), E("srlu"), B("soc coop"),
	E("sl"), E("s l"), E("slu"), E("s l u"), E("sll"), E("slne"), E("slp"), E("sau"), E("sal"), E("scoop"), E("s coop"), E("scl"), E("cb"), E("sociedad anonima"), E("sociedad limitada"), E("scp"),
	E("sat"), E("aie"), E("lda"), E("l da"), E("ltda"), E("limitada"), E("unipessoal"), E("unipessoal lda"), E("sgps"), E("sgps sa"), E("crl"), E("acei"), E("ace"), E("eireli"), E("me"), E("epp"), E("eireli me"), E("ltda me"), E("ltda epp"), E("mei"),
	/* Latin America */
	E("sa de cv"), E("s a de c v"), E("sab de cv"), E("sapi de cv"), E("sapi"), E("s de rl"), E("s de rl de cv"), E("srl de cv"), E("sas de cv"), E("sc de rl"), E("sc de rl de cv"), E("sofom enr"),
	E("sa de cv sofom enr"), E("sa de cv sofom er"), E("sac"), E("saa"), E("eirl"), E("ca"), E("c a"), E("cia ltda"), E("cia"), E("sca"), E("s en c"), E("e u"), E("spa"), E("sa esp"), E("esp"), E("ltda cia"), E("sociedad anonima cerrada"), E("compania limitada"),
	/* United Kingdom, Ireland, Commonwealth, United States, Asia in English */
	E("ltd"), E("limited"), E("plc"), E("public limited company"), E("llp"), E("llc"), E("lllp"), E("l l c"), E("lp"), E("l p"), E("inc"), E("incorporated"), E("corp"), E("corporation"), E("co"), E("company"),
	E("co ltd"), E("co limited"), E("co inc"), E("co llc"), E("company ltd"), E("company limited"), E("company inc"), E("and co"), E("and company"), E("and co ltd"), E("pllc"), E("pc"), E("p c"), E("pa"), E("na"), E("n a"), E("pbc"), E("l3c"), E("lc"), E("chartered"), E("chtd"),
	E("limited liability company"), E("limited liability partnership"), E("limited partnership"), E("general partnership"), E("cic"), E("community interest company"), E("cio"), E("clg"), E("dac"), E("uc"), E("ulc"), E("ultd"), E("unlimited"), E("unltd"), E("teoranta"), E("teo"), E("cyf"), E("ccc"),
	E("cyfyngedig"), E("pty"), E("pty ltd"), E("pty limited"), E("proprietary limited"), E("proprietary ltd"), E("nl"), E("soc"), E("rf pty ltd"), E("cc"), E("npc"), E("pvt"), E("pvt ltd"), E("private limited"), E("private ltd"), E("p ltd"), E("p limited"), E("opc"), E("opc pvt ltd"), E("opc private limited"), E("pte"), E("pte ltd"), E("pte limited"),
	E("bhd"), E("sdn bhd"), E("sendirian berhad"), E("berhad"), E("plt"), B("pt"), B("cv"), B("ud"), E("tbk"), E("persero"), E("persero tbk"), E("pcl"), E("pjsc"), E("psc"), E("psc ltd"), E("wll"), E("w l l"), E("bsc"), E("bsc c"), E("qsc"), E("qpsc"), E("ksc"), E("kscc"), E("kscp"), E("sae"), E("saog"), E("saoc"), E("fze"), E("fzco"), E("fzc"), E("fz llc"), E("dmcc"), E("est"), E("sarlau"), E("sal"), E("spc"), E("ibc"), E("sezc"), E("reit"),
	E("kk"), E("k k"), E("gk"), E("g k"), E("yk"), E("godo kaisha"), E("kabushiki kaisha"), B("kabushiki kaisha"), E("yugen kaisha"), E("joint stock company"), E("jsc"), B("jsc"), E("ojsc"), B("ojsc"), E("cjsc"), B("cjsc"), B("llc"), B("pjsc"), E("coop"), E("co op"), E("cooperative"), E("assn"),
	/* Central and Eastern Europe */
	E("sro"), E("s r o"), E("spol s ro"), E("spol sro"), E("spol s r o"), E("as"), E("vos"), E("v o s"), E("ks"), E("kom spol"), E("ops"), E("z s"), E("zs"), E("zu"), E("sp"), E("druzstvo"), E("akc spol"), E("akciova spolecnost"), E("nf"), E("no"), E("oz"),
	E("sp zoo"), E("sp z oo"), E("sp z o o"), E("spolka zoo"), E("spolka z oo"), E("spolka z ograniczona odpowiedzialnoscia"), E("spolka akcyjna"), E("sp j"), E("spj"), E("sp k"), E("spk"), E("sp p"), E("ska"), E("sp zoo sp k"), E("sp z oo sp k"), E("sp z oo spk"), E("sp zoo spk"), E("psa"), E("spolka komandytowa"), E("spolka jawna"), E("spolka cywilna"),
	E("kft"), E("korlatolt felelossegu tarsasag"), E("nyrt"), E("zrt"), E("rt"), E("bt"), E("kkt"), E("kht"), E("ev"), E("ec"), E("nonprofit kft"), E("szov"),
	E("doo"), E("d o o"), E("jdoo"), E("dd"), E("d d"), E("ad"), E("a d"), E("kd"), E("dno"), E("jtd"), E("sp"), E("z o o"), E("obrt"), E("zadruga"), E("dooel"), E("pr"),
	E("srl d"), B("sc"), B("pfa"), E("pfa"), E("ra"), E("sa ro"), E("snc"), B("societatea"), E("eood"), E("ood"), E("ead"), E("et"), B("et"), E("kda"), E("dzzd"), E("adsits"), E("sd"),
	E("shpk"), E("sh p k"), E("sha"), E("sh a"), E("lshp"), E("as ltd sti"), E("ltd sti"), E("ltdsti"), E("limited sirketi"), E("anonim sirketi"), E("a s"), E("sti"), E("san ve tic ltd sti"), E("san ve tic as"), E("sanayi ve ticaret as"), E("tic ltd sti"), E("ve tic as"), E("tic as"), E("koll sti"), E("kom sti"), E("mmc"), E("asc"), B("mchj"), E("mchj"), E("xk"), B("too"), B("tdv"), E("tdv"),
	E("ae"), E("a e"), E("epe"), E("e p e"), E("ike"), E("i k e"), E("oe"), E("o e"), E("ee"), E("e e"), E("mepe"), E("monoprosopi epe"), E("monoprosopi ike"), E("abee"), E("aebe"), E("ate"), E("xarisma"),
	E("ae gr"), E("plc cy"), B("ooo"), B("oao"), B("zao"), B("pao"), B("ao"), B("tov"), B("pat"), B("prat"), B("fop"), B("odo"), B("ip"), B("chp"), B("nko"), B("ano"), B("fgup"), B("mup"), B("gup"),
	/* Cyrillic and Greek, as written */
	B("ооо"), B("оао"), B("зао"), B("пао"), B("ао"), B("тов"), B("пат"), B("прат"), B("фоп"), B("одо"), B("ип"), B("чп"), B("нко"), B("ано"), B("фгуп"), B("муп"), B("гуп"), B("нао"), B("тоо"), B("чуп"), B("уп"),
	B("общество с ограниченнои ответственностью"), B("публичное акционерное общество"), B("акционерное общество"), B("закрытое акционерное общество"), B("открытое акционерное общество"), B("товариство з обмеженою відповідальністю"), B("індивідуальнии предприниматель"),
	E("еоод"), E("оод"), E("ад"), E("еад"), B("ет"), E("дззд"), E("адсиц"), E("д о о"), E("доо"), E("дооел"), E("а д"), E("кд"), E("ст"),
	E("αε"), E("α ε"), E("επε"), E("ε π ε"), E("ικε"), E("ι κ ε"), E("οε"), E("ο ε"), E("εε"), E("ε ε"), E("αβεε"), E("αεβε"), E("μονοπροσωπη ικε"), E("μονοπροσωπη επε"), E("μον επε"), E("ανωνυμη εταιρεια"), E("ανωνυμοσ εταιρεια"),
	/* Europe as a whole */
	E("sce"), E("eeig"), E("ewiv"), E("etyk"), E("egts"), E("societas europaea"), B("aie"),
};
const unsigned identity_forms_count = sizeof identity_forms / sizeof *identity_forms;

const char *const identity_forms_glued[] = {
	"股份有限公司", "有限责任公司", "有限責任公司", "株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "一般社団法人", "一般財団法人",
	"無限公司", "有限公司", "주식회사", "유한회사", "유한책임회사", NULL};

const char *const identity_org_words[] = {
	"group", "konserni", "koncern", "holding", "holdings", "konepaja", "yhtio", "yhtiot", "yhtyma", "liike", "kauppa", "tukku", "palvelu", "palvelut", "rakennus",
	"rakennusliike", "kuljetus", "metalli", "sahko", "huolto", "kiinteisto", "teollisuus", "tehdas", "tehtaat", "yritys", "yhdistys", "saatio", "seura", "liitto",
	"kaupunki", "kunta", "kuntayhtyma", "seurakunta", "virasto", "ministerio", "yliopisto", "ammattikorkeakoulu", "koulu", "sairaala", "pankki", "vakuutus",
	"bank", "insurance", "university", "college", "school", "hospital", "institute", "association", "foundation", "society", "council", "ministry", "agency", "department",
	"industries", "industry", "manufacturing", "systems", "solutions", "services", "service", "consulting", "technologies", "technology", "software", "logistics", "trading",
	"engineering", "construction", "partners", "associates", "enterprises", "international", "bolaget", "kommun", "stiftelsen", "forening", "foreningen", "universitet",
	"gesellschaft", "verein", "werke", "stadtwerke", "universitat", "klinik", "societe", "banque", "universite", "societa", "banca", "universita", "sociedad", "banco",
	"universidad", "spolka", "spolecnost", "shop", "store", "studio", "hotel", "restaurant", "ravintola", "apteekki", "farm", "tila", NULL};
