"""The names of countries as they end an address."""

_NAMES = """
afghanistan, albania, algeria, andorra, angola, argentina, armenia, australia, austria, azerbaijan, bahamas, bahrain,
bangladesh, barbados, belarus, belgium, belize, benin, bhutan, bolivia, bosnia, bosnia and herzegovina, botswana,
brazil, brunei, bulgaria, burkina faso, burma, burundi, cambodia, cameroon, canada, cape verde,
central african republic, chad, chile, china, colombia, comoros, congo, costa rica, croatia, cuba, cyprus, czechia,
czech republic, czechoslovakia, democratic republic of congo, democratic republic of the congo, denmark, djibouti,
dominican republic, east germany, ecuador, egypt, el salvador, england, eritrea, estonia, ethiopia, fiji, finland,
france, gabon, gambia, georgia, germany, ghana, great britain, greece, greenland, guatemala, guinea, guyana, haiti,
holland, honduras, hong kong, hungary, iceland, india, indonesia, iran, iraq, ireland, israel, italy, ivory coast,
jamaica, japan, jordan, kazakhstan, kenya, korea, kosovo, kuwait, kyrgyzstan, laos, latvia, lebanon, lesotho, liberia,
libya, liechtenstein, lithuania, luxembourg, macedonia, madagascar, malawi, malaysia, maldives, mali, malta,
mauritania, mauritius, mexico, moldova, monaco, mongolia, montenegro, morocco, mozambique, myanmar, namibia, nepal,
netherlands, new zealand, nicaragua, niger, nigeria, north korea, north macedonia, northern ireland, norway, oman,
pakistan, palestine, panama, papua new guinea, paraguay, people's republic of china, persia, peru, philippines, poland,
portugal, prussia, puerto rico, qatar, republic of ireland, romania, russia, russian federation, rwanda, samoa,
saudi arabia, scotland, senegal, serbia, sierra leone, singapore, slovakia, slovenia, somalia, south africa,
south korea, south sudan, soviet union, spain, sri lanka, sudan, suriname, swaziland, sweden, switzerland, syria,
taiwan, tajikistan, tanzania, thailand, tibet, togo, tonga, trinidad and tobago, tunisia, turkey, turkmenistan,
uganda, uk, u.k., ukraine, united arab emirates, uae, united kingdom, united states, united states of america, us,
u.s., u.s.a., usa, ussr, u.s.s.r., uruguay, uzbekistan, vatican, venezuela, vietnam, wales, west germany, yemen,
yugoslavia, zambia, zimbabwe,
deutschland, österreich, schweiz, suisse, svizzera, belgique, belgië, belgien, nederland, niederlande, españa, espagne,
spanien, italia, italien, frankreich, polska, polen, brasil, brasile, großbritannien, royaume-uni, danmark, sverige,
norge, suomi, česko, magyarország, luxemburg, maroc, türkiye
"""

COUNTRIES = frozenset(" ".join(name.split()) for name in _NAMES.split(","))
