/* preset_tables: the columns of known exports, and what columns are commonly called in English, Finnish and Swedish.
 * Headers stand here as preset_normal makes them: "(Do Not Modify) Row Checksum" is "rowchecksum". */
#include "preset_tables.h"

/* ---- the tables ----
 * `must` tells exports of one CRM from those of another: a bare "id, name" is everybody's. */

#define SF_COMMON                                                                                                      \
	" isdeleted:drop masterrecordid:drop createddate:created lastmodifieddate:updated systemmodstamp:drop "        \
	"createdbyid:drop"                                                                                             \
	" lastmodifiedbyid:drop ownerid:drop lastvieweddate:drop lastreferenceddate:drop photourl:drop jigsaw:drop"    \
	" jigsawcompanyid:drop cleanstatus:drop dandbcompanyid:drop recordtypeid:drop ownername:owner"                 \
	" createdbyname:none"
#define SF_SIGN                                                                                                        \
	"isdeleted|systemmodstamp|createdbyid|lastmodifiedbyid|ownerid|createddate|lastmodifieddate|billingstreet|"    \
	"billingcity|"                                                                                                 \
	"mailingstreet|mailingcity|numberofemployees|annualrevenue|accountid|whoid|stagename"
#define SUITE_COMMON                                                                                                   \
	" id:id datecreated:created dateentered:created datemodified:updated modifiedby:drop modifiedbyid:drop "       \
	"createdby:drop"                                                                                               \
	" createdbyid:drop modifieduserid:drop deleted:drop assigneduser:owner assigneduserid:drop assignedto:owner"   \
	" assignedusername:owner description:text"
#define ESPO_COMMON                                                                                                    \
	" id:id deleted:drop createdat:created modifiedat:updated createdbyid:drop createdbyname:drop "                \
	"modifiedbyid:drop"                                                                                            \
	" modifiedbyname:drop assigneduserid:drop assignedusername:owner assigneduser:owner emailaddress:email"        \
	" phonenumber:phone description:text"
#define HUB_COMMON                                                                                                     \
	" recordid:id createdate:created lastmodifieddate:updated lastactivitydate:none associatedcompanyids:account"  \
	" associatedcompanyid:account primaryassociatedcompanyid:account associatedcompany:account-name"               \
	" associatedcompanyprimary:account-name primaryassociatedcompany:account-name associatedcontactids:drop"       \
	" associatedcontact:contact-name associateddealids:drop associatednoteids:drop recordsource:drop"
#define DYN_COMMON                                                                                                     \
	" rowchecksum:drop modifiedon:updated createdon:created owner:owner createdby:drop modifiedby:drop"            \
	" statusreason:status description:text"

const struct preset preset_tables[] = {
	{"salesforce", ACCOUNT,
	 "id name"
	 " " SF_SIGN
	 " billingstreet|billingcity|numberofemployees|annualrevenue|accountsource|sic|industry|accountnumber|website",
	 "id:id name:title parentid:none phone:phone website:website industry:none description:text"
	 " accountnumber:number"
	 " annualrevenue:none type:type accountsource:none" SF_COMMON},
	{"salesforce", ACCOUNT, "accountid accountname accountowner|billingcity|billingstreet|website|industry",
	 "accountid:id accountname:title accountowner:owner accountowneralias:drop lastactivity:none"
	 " lastmodifieddate:updated"
	 " createddate:created phone:phone website:website type:type accountnumber:number"},
	{"salesforce", PERSON, "id lastname accountid|mailingcity|mailingstreet|reportstoid " SF_SIGN,
	 "id:id name:title firstname:first-name lastname:last-name accountid:account"
	 " accountname:account-name email:email"
	 " phone:phone mobilephone:phone homephone:phone otherphone:phone assistantphone:none"
	 " reportstoid:drop title:none"
	 " description:text individualid:drop" SF_COMMON},
	{"salesforce", PERSON, "contactid lastname accountname|accountid",
	 "contactid:id firstname:first-name lastname:last-name accountid:account"
	 " accountname:account-name email:email phone:phone"
	 " mobile:phone contactowner:owner title:none lastmodifieddate:updated createddate:created"},
	{"salesforce", PERSON,
	 "id lastname company"
	 " leadsource|isconverted|convertedaccountid|convertedcontactid",
	 "id:id name:title firstname:first-name lastname:last-name company:account-name"
	 " convertedaccountid:account email:email"
	 " phone:phone mobilephone:phone website:none status:status description:text title:none"
	 " convertedcontactid:drop"
	 " convertedopportunityid:drop" SF_COMMON},
	{"salesforce", DEAL, "id name stagename",
	 "id:id accountid:account accountname:account-name name:title description:text stagename:stage"
	 " amount:amount"
	 " closedate:close type:type currencyisocode:currency probability:none contactid:drop"
	 " pricebook2id:drop campaignid:drop"
	 " fiscal:drop" SF_COMMON},
	{"salesforce", DEAL, "opportunityname stage accountname|accountid|closedate",
	 "opportunityid:id opportunityname:title accountid:account accountname:account-name stage:stage"
	 " amount:amount closedate:close"
	 " type:type opportunityowner:owner createddate:created lastmodifieddate:updated description:text"},
	{"salesforce", EVENT, "id whatid|whoid subject|activitydate",
	 "id:id subject:title whoid:drop whatid:related accountid:account activitydate:due"
	 " activitydatetime:start"
	 " startdatetime:start enddatetime:none status:status priority:priority description:text"
	 " type:type tasksubtype:type"
	 " eventsubtype:type calltype:none ownername:owner whoname:contact-name whatname:related-name"
	 " accountname:account-name"
	 " recurrenceactivityid:drop" SF_COMMON},
	{"salesforce", TICKET, "id casenumber subject|status",
	 "id:id casenumber:number contactid:drop accountid:account subject:title description:text"
	 " status:status priority:priority"
	 " type:type reason:none origin:none suppliedemail:email suppliedname:contact-name"
	 " suppliedcompany:account-name"
	 " closeddate:none accountname:account-name contactname:contact-name" SF_COMMON},
	{"salesforce", NOTE, "id parentid title body " SF_SIGN,
	 "id:id parentid:related title:title"
	 " body:text isprivate:none" SF_COMMON},

	{"hubspot", ACCOUNT, "recordid companyname",
	 "companyname:title companyowner:owner companydomainname:website domain:website"
	 " websiteurl:website website:website"
	 " phonenumber:phone industry:none description:text abouts:text parentcompany:none" HUB_COMMON},
	{"hubspot", PERSON, "recordid firstname|lastname email|lastname",
	 "firstname:first-name lastname:last-name email:email additionalemailaddresses:email"
	 " workemail:email phonenumber:phone"
	 " mobilephonenumber:phone contactowner:owner companyname:account-name company:account-name"
	 " jobtitle:none" HUB_COMMON},
	{"hubspot", DEAL, "recordid dealname",
	 "dealname:title dealstage:stage pipeline:none closedate:close dealowner:owner amount:amount"
	 " currency:currency"
	 " dealtype:type dealdescription:text companyname:account-name" HUB_COMMON},
	{"hubspot", TICKET, "recordid|ticketid ticketname",
	 "ticketid:id ticketname:title ticketdescription:text ticketstatus:status priority:priority"
	 " ticketowner:owner"
	 " pipeline:none category:type closedate:none source:none" HUB_COMMON},
	{"hubspot", EVENT,
	 "recordid"
	 " calltitle|meetingname|emailsubject|tasktitle|notebody|activitydate|callnotes",
	 "calltitle:title meetingname:title emailsubject:title tasktitle:title callnotes:text"
	 " meetingdescription:text"
	 " notebody:text emailbody:text tasknotes:text internalmeetingnotes:text activitydate:start"
	 " meetingstarttime:start"
	 " duedate:due calloutcome:status meetingoutcome:status taskstatus:status priority:priority"
	 " activitytype:type"
	 " activityassignedto:owner assignedto:owner activitycreatedby:none" HUB_COMMON},

	{"dynamics", ACCOUNT, "account rowchecksum accountname",
	 "account:id accountname:title mainphone:phone otherphone:phone primarycontact:contact-name"
	 " website:website"
	 " email:email accountnumber:number parentaccount:none emailprimarycontact:none" DYN_COMMON},
	{"dynamics", PERSON, "contact rowchecksum fullname|lastname",
	 "contact:id fullname:title firstname:first-name lastname:last-name email:email"
	 " companyname:account-name"
	 " companynamecompanynameaccount:account-name businessphone:phone mobilephone:phone"
	 " jobtitle:none" DYN_COMMON},
	{"dynamics", PERSON, "lead rowchecksum topic|name|lastname",
	 "lead:id name:title fullname:title firstname:first-name lastname:last-name"
	 " companyname:account-name email:email"
	 " businessphone:phone mobilephone:phone topic:none" DYN_COMMON},
	{"dynamics", DEAL, "opportunity rowchecksum topic",
	 "opportunity:id topic:title potentialcustomer:account-name account:account-name contact:contact-name"
	 " estclosedate:close actualclosedate:close estrevenue:amount actualrevenue:amount"
	 " pipelinephase:stage currency:currency"
	 " status:status probability:none rating:none" DYN_COMMON},
	{"dynamics", TICKET, "case rowchecksum casetitle|casenumber",
	 "case:id casetitle:title casenumber:number customer:account-name contact:contact-name"
	 " priority:priority origin:none"
	 " status:status casetype:type" DYN_COMMON},
	{"dynamics", EVENT, "activity|phonecall|appointment|task|email rowchecksum subject",
	 "activity:id phonecall:id appointment:id task:id email:id subject:title regarding:related-name"
	 " activitytype:type"
	 " activitystatus:status startdate:start starttime:start scheduledstart:start duedate:due"
	 " enddate:none endtime:none"
	 " priority:priority actualend:none callfrom:none callto:contact-name"
	 " requiredattendees:contact-name" DYN_COMMON},

	{"suitecrm", ACCOUNT,
	 "name id"
	 " billingstreet|billingaddressstreet|officephone|phoneoffice|billingcity|billingaddresscity"
	 " datecreated|dateentered|datemodified|assigneduser|assignedto|assigneduserid",
	 "name:title accountname:title type:type accounttype:type industry:none website:website"
	 " officephone:phone"
	 " phoneoffice:phone alternatephone:phone phonealternate:phone emailaddress:email"
	 " emailaddresses:email email1:email"
	 " parentaccountid:drop parentid:drop campaignid:drop" SUITE_COMMON},
	{"suitecrm", PERSON, "id lastname datecreated|dateentered|datemodified|assigneduserid|assignedto",
	 "firstname:first-name lastname:last-name accountname:account-name accountid:account"
	 " emailaddress:email email1:email"
	 " officephone:phone phonework:phone mobile:phone phonemobile:phone homephone:none title:none"
	 " jobtitle:none"
	 " reportstoid:drop campaignid:drop" SUITE_COMMON},
	{"suitecrm", DEAL, "id salesstage opportunityname|name",
	 "opportunityname:title name:title accountname:account-name accountid:account salesstage:stage"
	 " amount:amount"
	 " opportunityamount:amount currency:currency currencyid:drop expectedclosedate:close"
	 " dateclosed:close type:type"
	 " opportunitytype:type campaignid:drop amountusdollar:drop" SUITE_COMMON},
	{"suitecrm", TICKET, "id casenumber|number subject|name priority|status",
	 "casenumber:number number:number subject:title name:title accountname:account-name"
	 " accountid:account status:status"
	 " priority:priority type:type resolution:none" SUITE_COMMON},
	{"suitecrm", EVENT,
	 "id subject|name startdate|startdateandtime|datestart|startdatetime|duedate|datedue"
	 " status|relatedto|relatedtype|parenttype|parentid"
	 " datecreated|dateentered|datemodified|assigneduserid|assignedto|assigneduser",
	 "subject:title name:title startdate:start startdateandtime:start startdatetime:start"
	 " datestart:start duedate:due"
	 " duedatetime:due datedue:due enddate:none dateend:none enddateandtime:none status:status"
	 " priority:priority"
	 " direction:none relatedto:related-name parentname:related-name relatedtype:related-type"
	 " parenttype:related-type"
	 " parentid:related relatedtoid:related contactname:contact-name contactid:drop type:type"
	 " recurringsource:drop"
	 " accountid:account accountname:account-name" SUITE_COMMON},
	{"suitecrm", NOTE,
	 "id subject|name|notesubject parenttype|relatedtype|parentid"
	 " description|note|filename"
	 " datecreated|dateentered|datemodified|assigneduserid",
	 "subject:title notesubject:title name:title note:text parenttype:related-type"
	 " relatedtype:related-type parentid:related"
	 " parentname:related-name relatedto:related-name contactid:drop contactname:contact-name"
	 " filename:none" SUITE_COMMON},

	{"espocrm", ACCOUNT,
	 "id name createdat|modifiedat|assigneduserid|assignedusername"
	 " billingaddressstreet|billingaddresscity|website|siccode",
	 "name:title website:website type:type industry:none" ESPO_COMMON},
	{"espocrm", PERSON,
	 "id lastname"
	 " createdat|modifiedat|assigneduserid|assignedusername|accountname"
	 " emailaddress|phonenumber|accountid|accountname|email",
	 "name:title firstname:first-name lastname:last-name accountid:account accountname:account-name"
	 " account:account-name"
	 " title:none accountrole:none" ESPO_COMMON},
	{"espocrm", DEAL,
	 "id name stage"
	 " createdat|modifiedat|assigneduserid|amountcurrency|accountname|account",
	 "name:title stage:stage amount:amount amountcurrency:currency closedate:close accountid:account"
	 " accountname:account-name"
	 " account:account-name amountconverted:drop amountweightedconverted:drop" ESPO_COMMON},
	{"espocrm", TICKET,
	 "id number name status priority|type"
	 " createdat|modifiedat|assigneduserid|accountname",
	 "number:number name:title status:status priority:priority type:type accountid:account"
	 " accountname:account-name"
	 " account:account-name contactname:contact-name contact:contact-name" ESPO_COMMON},
	{"espocrm", EVENT,
	 "id name datestart|dateend status|parent|parentid|parentname"
	 " createdat|modifiedat|assigneduserid|parentid|parent|assigneduser",
	 "name:title datestart:start dateend:due status:status priority:priority direction:none"
	 " parentid:related"
	 " parenttype:related-type parentname:related-name parent:related-name accountid:account"
	 " accountname:account-name"
	 " account:account-name contactsnames:contact-name contacts:contact-name" ESPO_COMMON},

	{"odoo", ACCOUNT,
	 "id|externalid name|displayname|completename iscompany|vat|taxid|companytype"
	 " email|phone|street|city|mobile|vat|taxid",
	 "id:id externalid:id name:title displayname:title completename:title iscompany:is-company"
	 " companytype:is-company"
	 " parentid:account-name parentidid:account parentidname:account-name relatedcompany:account-name"
	 " relatedcompanyexternalid:account relatedcompanyid:account relatedcompanyname:account-name"
	 " email:email phone:phone mobile:phone website:website"
	 " websitelink:website vat:business-id taxid:business-id companyregistry:business-id"
	 " comment:text notes:text"
	 " userid:owner useridname:owner salesperson:owner createdon:created createdate:created"
	 " lastupdatedon:updated"
	 " writedate:updated ref:number reference:number function:none jobposition:none"},
	{"odoo", DEAL,
	 "name|opportunity"
	 " expectedrevenue|plannedrevenue|stageidname|stageid|datedeadline|expectedclosing"
	 " partnerid|partneridname|partneridid|customer|expectedrevenue",
	 "id:id externalid:id name:title opportunity:title partnerid:account-name"
	 " partneridname:account-name partneridid:account"
	 " customer:account-name customerexternalid:account partnername:account-name companyname:account-name"
	 " contactname:contact-name emailfrom:email email:email phone:phone expectedrevenue:amount"
	 " plannedrevenue:amount"
	 " stageid:stage stageidname:stage stage:stage datedeadline:close expectedclosing:close"
	 " userid:owner useridname:owner"
	 " salesperson:owner description:text notes:text internalnotes:text createdate:created"
	 " createdon:created"
	 " writedate:updated priority:priority type:type probability:none"},
	{"odoo", EVENT,
	 "summary duedate|datedeadline|activitytype|activitytypeid|activitytypeidname"
	 " resname|documentname|resmodel|assignedto|userid",
	 "id:id externalid:id summary:title duedate:due datedeadline:due activitytype:type activitytypeid:type"
	 " activitytypeidname:type resname:related-name documentname:related-name assignedto:owner userid:owner"
	 " useridname:owner note:text createdate:created createdon:created resmodel:none resid:drop"},
	{"odoo", TICKET,
	 "id|externalid name|subject partneridname|partneridid|partnerid|customer"
	 " ticketref|teamidname|team|ticketid|helpdeskteam",
	 "id:id externalid:id ticketref:number name:title subject:title partnerid:account-name"
	 " partneridname:account-name"
	 " partneridid:account customer:account-name stageid:status stageidname:status stage:status"
	 " priority:priority"
	 " userid:owner useridname:owner assignedto:owner description:text createdate:created createdon:created"
	 " partneremail:email customeremail:email"},

	/* What is commonly called so, whoever wrote the file. */
	{"none", PERSON,
	 "lastname|surname|familyname|sukunimi|efternamn firstname|givenname|etunimi|förnamn"
	 " address|address1|street|streetaddress|postcode|postalcode|zip|zipcode|suburb|dateofbirth|birthdate|dob|"
	 "jobtitle|department"
	 "|osoite|katuosoite|postinumero|syntymäaika|tehtävä|titteli|adress|gatuadress|postnummer|födelsedatum|"
	 "befattning",
	 "contactid:id personid:id"},
	{"none", DEAL,
	 "dealid|opportunityid|dealname|opportunity|opportunityname|kauppa|tarjous|affär|affar|myyntimahdollisuus"
	 " stage|dealstage|salesstage|closedate|amount|value|closevalue|vaihe|summa|arvo|belopp|status|tila",
	 "dealid:id opportunityid:id dealname:title opportunity:title opportunityname:title kauppa:title"
	 " tarjous:title affär:title"
	 " affar:title myyntimahdollisuus:title product:none dealstage:stage salesstage:stage"},
	{"none", TICKET,
	 "ticketid|casenumber|caseid|ticketnumber|tiketti|tikettinumero|ärende|ärendenummer|palvelupyyntö"
	 " subject|title|description|status|otsikko|aihe|kuvaus|ämne|rubrik",
	 "ticketid:id caseid:id casenumber:id ticketnumber:id tiketti:id tikettinumero:id ärende:id"
	 " ärendenummer:id"
	 " palvelupyyntö:id status:status"},
	{"none", PERSON,
	 "lastname|firstname|fullname|contactname|sukunimi|etunimi|efternamn|förnamn|yhteyshenkilö|kontaktperson|"
	 "surname"
	 "|givenname|contactid|personid"
	 " email|emailaddress|phone|phonenumber|mobile|sähköposti|sähköpostiosoite|puhelin|puhelinnumero|matkapuhelin|"
	 "epost|telefon"
	 "|mobil|contactid|personid|company|companyname|yritys|företag",
	 "contactid:id personid:id fullname:title contactname:title yhteyshenkilö:title kontaktperson:title"},
	{"none", ACCOUNT,
	 "companyname|company|account|accountname|customername|organisation|organization|organisationname|"
	 "organizationname"
	 "|yritys|yrityksennimi|asiakas|asiakkaannimi|asiakasnimi|toiminimi|företag|företagsnamn|foretag|kund|kundnamn|"
	 "kundensnamn|bolag|customer|client"
	 " website|industry|sector|city|phone|phonenumber|email|emailaddress|address|street|country|businessid|"
	 "vatnumber|vat|employees|revenue|contactname"
	 "|ytunnus|alv|toimiala|kaupunki|paikkakunta|puhelin|puhelinnumero|sähköposti|osoite|postinumero|"
	 "organisationsnummer|orgnr|bransch|ort|stad|telefon|epost|adress|hemsida|kotisivu|verkkosivu",
	 "companyname:title company:title account:title accountname:title customername:title"
	 " customer:title client:title"
	 " organisation:title organization:title organisationname:title organizationname:title"
	 " yritys:title yrityksennimi:title"
	 " asiakas:title asiakkaannimi:title asiakasnimi:title toiminimi:title företag:title"
	 " företagsnamn:title foretag:title"
	 " kund:title kundnamn:title kundensnamn:title bolag:title contactname:contact-name"
	 " yhteyshenkilö:contact-name"
	 " kontaktperson:contact-name accountid:id customerid:id companyid:id clientid:id"
	 " organisationid:id organizationid:id"
	 " asiakasnumero:id asiakasnro:id asiakastunnus:id kundnummer:id kundnr:id"},
	{"none", ACCOUNT,
	 "name|nimi|namn"
	 " businessid|vatnumber|vat|ytunnus|orgnr|organisationsnummer|employees|industry|toimiala|bransch|website|"
	 "kotisivu|hemsida",
	 "name:title nimi:title namn:title customerid:id accountid:id asiakasnumero:id kundnummer:id"},
	{"none", ACCOUNT,
	 "name|nimi|namn phone|phonenumber|telephone|puhelin|puhelinnumero|telefon"
	 " address|street|city|postcode|zip|osoite|katuosoite|kaupunki|paikkakunta|postinumero|adress|stad|ort|type",
	 "name:title nimi:title namn:title customerid:id accountid:id asiakasnumero:id kundnummer:id"},
	{"none", PERSON,
	 "name|nimi|namn"
	 " email|emailaddress|sähköposti|sähköpostiosoite|epost|epostadress|mobile|matkapuhelin|mobil",
	 "name:title nimi:title namn:title"},
	{"none", EVENT,
	 "subject|title|aihe|otsikko|ämne|rubrik|activity|tapahtuma|meeting|call"
	 " date|startdate|start|starttime|duedate|päivä|päivämäärä|pvm|datum|activitydate",
	 "activity:type tapahtuma:title meeting:title call:title activityid:id eventid:id meetingid:id"},
	{"none", NOTE,
	 "note|notes|muistiinpano|anteckning|comment|kommentti|kommentar"
	 " date|created|createdat|päivä|päivämäärä|pvm|datum|author|kirjoittaja",
	 "note:text notes:text muistiinpano:text anteckning:text noteid:id"},
};

/* Looked up where a table of its own says nothing. */
const char preset_common[] =
	"id:id externalid:id recid:id recordid:id uniqueid:id uuid:id guid:id tunnus:id tunniste:id"
	" firstname:first-name givenname:first-name etunimi:first-name förnamn:first-name"
	" lastname:last-name surname:last-name"
	" familyname:last-name sukunimi:last-name efternamn:last-name"
	" accountid:account customerid:account companyid:account clientid:account organisationid:account"
	" organizationid:account asiakasnumero:account asiakasnro:account"
	" asiakastunnus:account kundnummer:account kundnr:account"
	" accountname:account-name account:account-name companyname:account-name company:account-name"
	" customername:account-name"
	" customer:account-name client:account-name organisation:account-name organization:account-name"
	" yritys:account-name"
	" asiakas:account-name företag:account-name kund:account-name shipname:account-name"
	" contactname:contact-name contact:contact-name yhteyshenkilö:contact-name"
	" kontaktperson:contact-name attendees:contact-name"
	" osallistujat:contact-name deltagare:contact-name"
	" email:email emailaddress:email email1:email email2:email mail:email sähköposti:email"
	" sähköpostiosoite:email epost:email"
	" epostadress:email phone:phone phonenumber:phone mobile:phone mobilephone:phone telephone:phone"
	" tel:phone"
	" businessphone:phone officephone:phone phoneoffice:phone puhelin:phone puhelinnumero:phone"
	" matkapuhelin:phone gsm:phone telefon:phone"
	" telefonnummer:phone mobil:phone mobiltelefon:phone"
	" website:website web:website homepage:website websiteurl:website kotisivu:website"
	" verkkosivu:website www:website"
	" hemsida:website webbplats:website domain:website"
	" businessid:business-id vat:business-id vatnumber:business-id vatid:business-id"
	" taxid:business-id companyregistrationnumber:business-id"
	" ytunnus:business-id alvtunnus:business-id alvnumero:business-id orgnr:business-id"
	" organisationsnummer:business-id"
	" momsnummer:business-id vatregistrationnumber:business-id"
	" owner:owner accountmanager:owner salesperson:owner salesrep:owner salesagent:owner"
	" assignedto:owner vastuuhenkilö:owner"
	" myyjä:owner omistaja:owner ansvarig:owner säljare:owner owneremail:owner-email"
	" subject:title title:title topic:title otsikko:title aihe:title ämne:title rubrik:title"
	" description:text notes:text note:text comment:text comments:text body:text details:text"
	" kuvaus:text lisätiedot:text"
	" huomautus:text muistiinpanot:text kommentti:text beskrivning:text anteckningar:text"
	" kommentar:text text:text message:text viesti:text"
	" amount:amount value:amount closevalue:amount summa:amount arvo:amount belopp:amount"
	" currency:currency valuutta:currency"
	" valuta:currency stage:stage vaihe:stage skede:stage status:status tila:status"
	" priority:priority prioriteetti:priority"
	" prioritet:priority type:type tyyppi:type typ:type"
	" startdate:start start:start starttime:start date:start activitydate:start päivä:start"
	" päivämäärä:start pvm:start"
	" datum:start orderdate:start tilauspäivä:start duedate:due eräpäivä:due määräpäivä:due förfallodag:due"
	" closedate:close expectedclosedate:close päättymispäivä:close"
	" created:created createdat:created createdon:created createddate:created datecreated:created"
	" createdate:created"
	" luotu:created skapad:created engagedate:created updated:updated updatedat:updated"
	" modified:updated modifiedat:updated"
	" modifiedon:updated lastmodified:updated datemodified:updated muokattu:updated ändrad:updated"
	" url:url link:url linkki:url länk:url ";

const size_t preset_n_tables = sizeof preset_tables / sizeof *preset_tables;
