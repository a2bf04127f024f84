"""Addresses are found as a whole, in many layouts and languages, in one line or several."""

from __future__ import annotations

import pytest
from sluice.guard.identifiers import Identifiers

from tests.guard.identifiers.marks import missed

# All invented. What stands in brackets must be covered.
ADDRESSES = [
    # Great Britain, Ireland
    "She lives at [[221B Baker Street]], upstairs.",
    "The deposit is for [[Flat 3, 27 Alma Vale Road, Bristol BS8 2HL]].",
    "Invoice to:\nOkafor Joinery\n[[Unit 6, Sawmill Yard\nHebden Bridge\nHX7 6AD]]\n",
    "Home address ..... [[Rosebank, 8 Station Rd, Dunblane, FK15 9ET]]",
    "The will leaves [[Hill View, Chapel Lane, Ambleside LA22 9HD]] to her niece.",
    "i object to the extension at [[6 orchard way]].",
    "PLEASE DELIVER TO [[14 MARLBOROUGH CRESCENT, LEEDS, LS6 2AB]]",
    "deliver it to [[14 marlborough crescent, leeds ls6 2ab]] before noon",
    "we moved to [[The Old Rectory, 3 Church Lane]], it is lovely",
    "Our tenant at [[42a Gladstone Terrace]] has not paid.",
    "my nan's house is number 9, well [[9 Elm Grove]] to be exact",
    "The burglary at [[The Willows, 17 Mill Lane, Cottingham]] was reported on Monday.",
    "Address: [[Apartment 4B, Harbour House, 22 Quayside, Newcastle upon Tyne NE1 3DX]]",
    "[[Apt 12, The Granary, 5 Wharf Street]]\n[[Dublin 2]]\n[[D02 XY45]]",
    "Please collect the keys from [[11 St. John's Road]].",
    "the deceased left the house at [[Hill View, Chapel Lane]] to his niece",
    "she lives in [[Mill Lane]] with her cat",
    # United States, Canada
    "I live at [[3311 Cottonwood Trail]], apartment [[12C]], Boise.",
    "I LIVE AT [[3311 COTTONWOOD TRAIL]], APARTMENT [[12C]], BOISE.",
    "Ship to: [[1420 Harborview Avenue, Suite 310, Baltimore, MD 21230]]",
    "[[1186 Roseville Pkwy\nSacramento, CA 95814]]",
    "send the check to [[po box 118, moab, ut 84532]]",
    "send the check to [[PO Box 118, Moab, UT 84532]]",
    "My new place is [[508 N 4th St Apt 3R, Philadelphia PA 19123]].",
    "she's at [[77 old mill lane]] if you want to visit",
    "He was arrested near [[8100 W. Sunset Blvd.]] last night.",
    "the house on [[2119 county road 14]] burned down",
    "Property: [[40 Canal St., Unit 2, New Haven, CT 06511-2201]]",
    "our office is at [[One Liberty Plaza, 165 Broadway, New York, NY 10006]]",
    "2204 is the number: [[2204 Rue Sherbrooke O, app. 7, Montréal (QC) H3H 1E2]]",
    "[[88 Queens Quay West, Toronto, ON M5J 0B8]]",
    # Australia, India
    "Deliver to [[Unit 5/18 Boomerang Street, Coogee NSW 2034]]",
    "Residence: [[H.No. 12-3-456, Nehru Nagar, Secunderabad 500026]]",
    "[[Flat 302, Sai Residency, MG Road, Bengaluru 560001]]",
    # Germany, Austria, Switzerland
    "Er wohnt [[Hauptstraße 12]] im Hof.",
    "kommt zu Ihnen in die [[Kastanienallee 47a, 04229 Leipzig]].",
    "lieferung an: fam. nothdurft, [[im winkel 6, 88045 friedrichshafen]]",
    "BITTE UM RÜCKRUF. HELMUT DREXLER, [[MARKTPLATZ 3, 94032 PASSAU]]. TEL 0851",
    "ich wohne in der [[lessingstr. 4]] im dritten stock",
    "Anschrift: [[Am Alten Sportplatz 17 b, 37127 Dransfeld]]",
    "Die Wohnung [[Große Bleichen 21, 3. OG, 20354 Hamburg]] ist frei.",
    "Frau\nEdeltraud Cassens\n[[Deichweg 12\n26721 Emden]]\n",
    "Wir sind umgezogen: [[Straße des 17. Juni 135, 10623 Berlin]]",
    "Treffpunkt ist [[An der Alster 4]], bei Familie Kröger.",
    "mein bruder wohnt jetzt [[berliner straße 88]] in köln",
    "Objekt: [[Unter den Eichen 5, 65195 Wiesbaden]]",
    "der Mieter aus der [[Goethestr. 17/2]] hat gekündigt",
    "Zustellung an [[Postfach 10 12 44, 70011 Stuttgart]]",
    "[[Mariahilfer Straße 88/2/14, 1070 Wien]]",
    "[[Bahnhofstrasse 21\nCH-8001 Zürich]]",
    "adresse ist [[feldkamp 9, 48165 münster]]",
    "Straße: [[Kirchplatz 2]]\nPLZ/Ort: [[59494 Soest]]",
    "sie wohnt in der [[Bachstraße]] über dem Bäcker",
    # France, Belgium
    "au [[12 rue de la Paix]], deuxième étage",
    "[[18 rue des Tanneurs, 33000 Bordeaux]]",
    "domiciliée [[3, allée des Mimosas, 33120 Arcachon]]",
    "[[104 boulevard Voltaire, bât. C, 75011 Paris]]",
    "[[12 PLACE DE L'ÉGLISE, 29200 BREST]]",
    "j'habite [[45 bis rue victor hugo]] à lyon",
    "Livraison : [[Résidence Les Pins, 8 avenue du Général Leclerc, 06400 Cannes]]",
    "il habite au [[7 impasse des lilas]], sonnez deux fois",
    "demeurant [[5 chemin du Moulin, 74000 Annecy]]",
    "Rue : [[22 rue Pasteur]]\nVille : Nantes",
    "[[Rue Haute 207, 1000 Bruxelles]]",
    "le colis est parti au [[27 quai de la Fosse]]",
    "il habite [[rue des Lilas]]",
    # Spain
    "vivo en [[camino viejo 12]] de telde",
    "Ainhoa\n[[C/ Iturribide 41, 3.º D, 48006 Bilbao]]\n",
    "Emisor: Lucena S.L., [[Polígono El Pino, nave 7, 14900 Lucena]]",
    "la casa de la [[calle Ancha 15]] se vende",
    "Domicilio: [[Avda. de la Constitución, 23, 2º B, 41001 Sevilla]]",
    "AVENIDA: enviar a [[CALLE MAYOR 8, 28013 MADRID]]",
    "con domicilio en [[Paseo de Gracia, nº 92, Barcelona]]",
    "mi abuela vive en [[plaza del olivo 3]]",
    # Italy
    "abita in [[Via Roma 12]] a sinistra",
    "ci vediamo in [[via garibaldi 7]] alle otto",
    "CI VEDIAMO IN [[VIA GARIBALDI 7]] ALLE OTTO",
    "residente in [[Viale Trento 203, 36100 Vicenza (VI)]]",
    "Spett.le Ginevra, [[Strada Nuova 5/B, 60019 Senigallia]]",
    "[[Corso Vittorio Emanuele II, 44 - 10123 Torino]]",
    "Indirizzo: [[Piazza Dante n. 9, scala B, int. 4, 80135 Napoli]]",
    "abitiamo in [[vicolo dei mulini 2]]",
    # Netherlands
    "Klopt uw adres nog: [[Zandstraat 112-II, 6511 HP Nijmegen]]?",
    "STUUR HET NAAR [[KERKSTRAAT 19-B, 9712 AA GRONINGEN]]",
    "stuur het naar [[kerkstraat 19-b, 9712 aa groningen]]",
    "zij woont aan de [[Prinsengracht 263 hs]]",
    "[[Laan van Meerdervoort 54, 2517 AM Den Haag]]",
    "ik woon op de [[dorpsweg 12a]] in maartensdijk",
    "Adres: [[Burgemeester de Vlugtlaan 140, 1063 BM Amsterdam]]",
    # Poland, Portugal, Brazil
    "[[ul. Kwiatowa 15/4, 61-131 Poznań]]",
    "[[os. Słoneczne 9 m. 21, 31-957 Kraków]]",
    "mieszkam przy [[ul. Długiej 7]] na trzecim piętrze",
    "Adres: [[al. Jana Pawła II 80 lok. 12, 00-175 Warszawa]]",
    "o endereço [[Rua das Acácias, 412, apto 31, Curitiba, CEP 80420-090]]",
    "moro na [[rua do comércio 55]] perto da igreja",
    "[[Av. Paulista, 1578 - Bela Vista, São Paulo - SP, 01310-200]]",
    "Morada: [[Rua de Santa Catarina, 310, 2.º Esq., 4000-443 Porto]]",
    "[[Travessa do Carmo 8, 1200-095 Lisboa]]",
    # Scandinavia, Finland, Czechia
    "Jag bor på [[Kvarngränd 78, 582 19 Linköping]].",
    "[[hallandsvej 34\n9933 esbjerg]]\ntlf. 40 49 58 59",
    "BEDES LEVERET TIL [[CLAUSHOLMVEJ 3, 8000 AARHUS]]",
    "Uusi osoitteeni on [[Niitynperäntie 69, 74391 Finström]].",
    "Doručit na: [[Panenská 6; 295 46 Slavonice]]",
    "bydlím na adrese [[ke březině 712]], děkuji",
    # Whatever the street is called: by the code behind it, or by what leads to it
    "The keys are at [[59, Lal Zila, Kurnool 683949]].",
    "[[839 Kelli Fall North Patrick, VI 97707]] is where I live",
    "[[Studio 41, Johnson Club, North Gregory, S42 2ZQ]]",
    "liefert es bitte an [[birnbaumplatz 6-5, 13473 marienberg]], danke",
    "Unfall vor dem Haus [[Siena-Hermann-Ring 508]], niemand verletzt",
    "[[Incrocio Caccioppoli, 7 Piano 3; 71048, Stornarella (FG)]]",
    "Invoice address (**[[6 Orchard Way]]**)",
    "[[Woutpad 3\n1940HK\nTerband]]\nT 089 4240858",
]
ORDINARY = [
    "Total 53 4 29 86 What is the sum?",
    "stone cores were found at the Lomekwi 3 site",
    "The train 12, Platform 4 leaves at noon.",
    "In Chapter 5, 1999 Toyota is discussed.",
    "Spring 2024, Digital 12 and Capital 3",
]


@pytest.mark.parametrize("source", ADDRESSES, ids=lambda source: source.replace("\n", " ")[:40])
def test_an_address_is_found_from_street_to_code(source: str) -> None:
    assert missed(source, "STREET_ADDRESS", "POSTAL_CODE", "LOCATION") == []


@pytest.mark.parametrize("text", ORDINARY, ids=lambda text: text[:40])
def test_a_word_and_a_number_are_no_address_by_themselves(text: str) -> None:
    assert [text[found.start : found.end] for found in Identifiers().find(text) if not found.weak] == []
