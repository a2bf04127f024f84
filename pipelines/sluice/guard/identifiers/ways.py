"""The words that streets, flats and boxes are called by, as pieces of regular expressions."""

# Behind the name, with a capital: 12 Long Street.
WAY = (
    "Street|Str|St|Avenue|Ave|Av|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Courts|Place|Pl|Square|Sq"
    "|Terrace|Ter|Way"
    "|Highway|Hwy|Parkway|Pkwy|Circle|Cir|Trail|Trl|Close|Crescent|Cres|Gardens|Gdns|Mews|Alley|Row|Mall|Loop|Walk"
    "|Grove|Hill|Green|Park|Quay|Turnpike|Tpke|Expressway|Esplanade|Parade|Pde|Promenade|Plaza|Point|Pike|Path|Pass"
    "|Ridge|Rise|View|Vista|Heights|Crossing|Run|Bend|Wharf|Yard|Broadway|Chase|Croft|Drove|Embankment|Causeway|Circuit"
    "|Cove|Estate|Chowk|Marg|Nagar"
)
# The last words of rare names; they need the number before and the capitals.
RARE_WAY = (
    "Extensions?|Stravenue|Ramp|Keys?|Creek|Cape|Cliffs?|Corners?|Coves|Crest|Crossroads?|Curve|Dale|Dam|Divide|Falls"
    "|Ferry|Fields?|Flats?|Fords?|Forest|Forges?|Forks?|Fort|Freeway|Gateway|Glens?|Greens|Groves|Harbors?|Haven|Hills"
    "|Hollow|Inlet|Islands?|Isle|Junctions?|Knolls?|Lakes?|Landing|Locks?|Lodge|Manors?|Meadows?|Mills?|Mission"
    "|Motorway|Mount|Mountains?|Neck|Orchard|Oval|Overpass|Parks|Parkways|Passage|Pines?|Plains?|Points|Ports?|Prairie"
    "|Radial|Ranch|Rapids?|Rest|Ridges|River|Roads|Shoals?|Shores?|Skyway|Springs?|Spurs?|Station|Stream|Streets|Summit"
    "|Throughway|Trace|Track|Trafficway|Tunnel|Underpass|Unions?|Valleys?|Viaduct|Views|Villages?|Ville|Walks|Wall|Ways"
    "|Wells?|Lights?|Land|Fall|Drives|Squares|Circles|Mountain|Beach|Bottom|Annex|Arcade|Anchorage|Amble|Fairway|Nook"
    "|Quadrant|Laneway|Grange|Copse|Zila|Ganj|Colony|Enclave|Vihar|Club|Burgs?|Bluffs?|Branch|Bridge|Brooks?|Bypass|Camp|Canyon|Centers?|Centre|Common|Course|Estates|Garden"
)
OWN_WAY = "Broadway|Piccadilly|Strand|Bowery|Embarcadero|Cheapside|Whitehall"
ESTATE = (
    "Résidence|Rés\\.|Résid\\.|Bâtiment|Immeuble|Villa|Lotissement|Edificio|Edifício|Urbanización|Urb\\."
    "|Condomínio|Cond\\."
    "|Conjunto|Palazzo|Complesso|Gebäude|Haus|Residencial|Osiedle|Lieu-dit"
)
# In small letters these are hardly anything else; the second row only behind `at`, `address` and the like.
LOWER_WAY = (
    r"street|avenue|road|boulevard|lane|crescent|terrace|pkwy|parkway|trail|grove|mews|gardens|st\.|rd\.|ave\.|blvd\."
)
LOWER_RARE_WAY = (
    r"way|close|drive|court|place|grove|gardens|mews|hill|walk|square|park|row|rise|view|st|rd|ave|dr|ln|ct"
)

# Written together with the name, in any case: hauptstrasse 3, KERKSTRAAT 19.
SURE_ENDING = r"straße|strasse|straat|gracht|gatan|utca|allee|gasse|str\."
# Written together with a name that has a capital: Lindenweg 4.
ENDING = (
    r"straße|strasse|str\.|str|weg|platz|allee|gasse|gässchen|ring|damm|ufer|steig|stieg|chaussee|zeile|graben|markt"
    r"|pfad|brücke|straat|laan|gracht|plein|kade|dijk|singel|steeg|hof|baan|dreef|vej|vænget|gade|gata|gatan"
    r"|gaten|vägen"
    r"|veien|vegen|vei|allé|allén|gränd|torg|plan|stræde|bakken|katu|tie|kuja|polku|raitti|rinne|väylä|plads|plassen|backen|stigen|stien|vänget|marken|toften|parken|tänav|utca|iela|gatve|stræti|braut"
    r"|götu|vegur|ova|ského|nam\.|hove|berg|tal|wiese|anger|winkel|hang|rain|siedlung|promenade|lei|torget|stigen|ská|cká"
)
# In capitals only those that hardly end another word.
CAPITAL_ENDING = (
    "STRASSE|STRAßE|STR\\.|PLATZ|ALLEE|GASSE|WEG|STRAAT|GRACHT|PLEIN|LAAN|MARKT|DAMM|UFER"
    "|GATAN|VÄGEN|GRÄND|VEJ|GADE|VEIEN|GATEN|STEEG|DREEF|SINGEL|DIJK|KADE|KATU|KUJA|POLKU|CHAUSSEE|GRABEN|STEIG|STIEG"
    "|BRÜCKE"
)
# Written together with a name in small letters, where a number follows: dirklaan 581.
SMALL_ENDING = "gränd|vägen|vej|gade|katu|polku|kuja|steeg|dreef|laan|plein|singel|platz|damm|ufer|chaussee|gaten|veien"
NO_SMALL_STREET = "arbeits|park|stell|sitz|steh|spiel|liege|lager|speicher|bri"
# A word of its own behind the name.
LOOSE_ENDING = (
    r"Straße|Strasse|Str\.?|Weg|Platz|Allee|Gasse|Ring|Damm|Ufer|Straat|Laan|Plein|Gracht|Kade|Baan|utca|útja|út|u\."
    r"|tér|körút|krt\.|rkp\.|kapu|köz|sor|tee|mnt|pst|tn|cesta|ulica|ulice|trg|náměstí|nám\.|třída|terrasse|vei"
    r"|vej|gate|Vej|Gade|Allé|Alle|Plads|Torg|Stræde|Vei|Gate|Gata|Väg|Gränd|Pad|Dijk|Hof|Boulevard|Steig|Weide"
    r"|gata|allé|väg|sokak|caddesi|cad\.|sk\."
)
# Before the name: Via Roma 12, rue de la Paix.
PREFIX = (
    r"rue|avenue|av\.?|avda\.?|boulevard|bd\.?|blvd|place|pl\.|allée|allées|chemin|ch\.|quai|impasse|cours|route|rte"
    r"|square|passage|sentier|faubourg|lieu-dit|résidence|via|viale|v\.le|piazza|p\.za|p\.zza|piazzale|corso|c\.so|largo"
    r"|vicolo|strada|contrada|lungotevere|lungomare|località|calle|c/|cl\.|avenida|plaza|pza\.?|plza\.?|paseo|p\.º|pº"
    r"|ronda|camino|carretera|ctra\.?|travesía|urbanización|urb\.|polígono|pol\.|glorieta|rambla|rua|travessa|praça"
    r"|alameda|estrada|rodovia|ulica|ul\.|al\.|aleja|aleje|plac|os\.|osiedle|ulice|bulevardul|calea|jalan|jl\.|carrer"
    r"|rúa|callejón|pasaje|privada|cerrada|circuito|calzada|periférico|prolongación|diagonal|vico|salita|lungarno"
    r"|borgo|galleria|frazione|traversa|fondamenta|ladeira|beco|calçada|azinhaga|rotunda|aleea|șoseaua|soseaua|splaiul"
    r"|montée|allé|ruelle|venelle|rynek|rondo|bulwar|οδός|λεωφόρος|leoforos|odos|улица|ул\.|проспект|пр\."
)
# They begin a sentence as well: Am Hang 3.
SHORT_PREFIX = "am|an der|an den|im|in der|in den|auf der|auf dem|zum|zur|unter den|hinter der|op de|aan de"
NO_STREET_BEHIND_SHORT_PREFIX = (
    "Jahre?n?|Alter|Abschnitt|Kapitel|Artikel|Absatz|Sommer|Winter|Herbst|Frühling|Raum|Zimmer|Fall|Schritt"
    "|Durchschnitt"
    "|Wert|Bereich|Intervall|Punkt|Aufgabe|Seite|Klasse|Liga|Gruppe|Version|Zeile|Spalte|Tabelle|Abbildung|Montag"
    "|Dienstag"
    "|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|Januar|Februar|März|April|Mai|Juni|Juli|August|September"
    "|Oktober|November"
    "|Dezember|Preis|Zeit|Dekade|Woche|Tag|Quartal|Schnitt|Schule|Saison|Minute|Runde|Phase|Stock|Stadt|Regel|Größe"
)
# Of these the number may come first: 12 rue de la Paix.
PREFIX_BEHIND_NUMBER = (
    r"rue|avenue|av\.?|boulevard|bd\.?|blvd|place|pl\.|allée|chemin|quai|impasse|cours|route|square|passage|sentier"
    r"|via|calle"
    r"|rua|carrer|cité|faubourg|villa|allé|montée|ruelle|venelle|promenade|voie|esplanade|traverse|côte|rang"
    r"|croissant"
)
# They need no capital behind them: calle ancha 15.
LOWER_PREFIX = (
    r"rue|ul\.|al\.|aleja|aleje|plac|os\.|ulica|via|calle|rua|avenida|viale|piazza|corso|camino|plaza|paseo|boulevard|allée|chemin|carrer"
    r"|travessa|c/"
)
LITTLE = (
    "de|du|des|del|della|delle|dei|degli|di|da|do|dos|das|la|le|les|los|las|el|al|van|von|der|den|het|ten|ter|and"
    "|of|the"
    "|y|e|i|z|w|na|pod|l|d|dell|dall|sur|sous|en|à|aux|saint|sainte|san"
)
FLAT = (
    "Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Fl|Room|Rm|Bldg|Building|Level|Box|Wohnung|Whg|Etage|App|Appt|Appartement"
    "|Bât|Bâtiment|Esc|Escalier|Piso|Puerta|Pta|Portal|Bloque|Nave|Local|Int|Interno|Scala|Piano|Dpto|Depto|Bloco|Apto"
    "|Casa|Andar|lok|m|mieszkanie|Top|Stiege|Tür|Haus|Hinterhaus|bus|toestel|Block|Wing|Lot|Trlr|Space|Appartamento|Interior|Edif|Of|Oficina|Bl|Sc|Ap|Et|Nivel|Planta|Lgh|Sal|Door|dveře|byt"
)
BOX = (
    r"P\.? ?O\.? ?Box|Post ?Office Box|Postbox|Postfach|Postbus|Boîte postale|B\.?P\.?(?= ?\d)|C\.?S\.(?= ?\d)"
    r"|Apartado(?: de correos)?|Aptdo\.?|Casella postale|C\.P\.(?= ?\d)|Caixa postal|Locked Bag|Private Bag"
    r"|skr(?:ytka)?\.? poczt(?:owa|\.)|GPO Box"
)
# A capital word and a number of these are no address.
NO_STREET_WORDS = (
    "chapter section table figure fig team group room level phase version unit act part step page day week grade"
    " class january february march april may june july august september october november december monday tuesday"
    " wednesday thursday friday saturday sunday question problem exercise task year season episode volume line"
    " item number no nr python java windows office kapitel abschnitt tabelle seite kapitola chapitre capítulo"
    " capitolo platform gate terminal apollo boeing airbus iphone grade january janvier januar about around over"
    " under only exactly between rfc pep option not as return returns if then has have had be been must can will"
    " may should would that this which when all any each per up out but so such more less size type length int the"
    " tel phone telephone telefon fax mobile mobil handy"
    " total train strain brain string spring capital hospital digital portal metal crystal rental spring offspring"
    " a an at in on of to and or with from by is are was were for than least most"
)
NO_STREET = frozenset(NO_STREET_WORDS.split())
STATE = (
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|PR|RI|S[CD]|T[NX]|UT|V[AIT]"
    "|W[AIVY]"
    "|AB|BC|MB|NB|NL|NS|NT|NU|ON|PE|QC|SK|YT|NSW|VIC|QLD|TAS|ACT"
)
CODE_LABEL = r"CEP|PLZ|CAP|CP|C\.P\.|Postcode|Post code|ZIP|Zip code|Postal code|code postal|kod pocztowy"
