/** Names that texts use for places whose proper name is another: abbreviations, and adjectives of countries. */

/** `name: other forms`, all as `normaliseName` gives them. What two places share is left out (Congolese, Korean, LA). */
const FORMS = `
  united states: u s, us, u s a, usa, united states of america, america, american, americans
  united kingdom: u k, uk, united kingdom of great britain and northern ireland, great britain, britain, british
  soviet union: u s s r, ussr, soviet
  united arab emirates: uae, u a e, emirati
  england: english
  scotland: scottish
  wales: welsh
  ireland: irish
  france: french
  germany: german, germans
  italy: italian, italians
  spain: spanish
  portugal: portuguese
  netherlands: dutch, holland
  belgium: belgian
  luxembourg: luxembourgish
  switzerland: swiss
  austria: austrian
  denmark: danish
  norway: norwegian
  sweden: swedish
  finland: finnish
  iceland: icelandic
  poland: polish
  czech republic: czech, czechia
  slovakia: slovak, slovakian
  hungary: hungarian
  romania: romanian
  bulgaria: bulgarian
  greece: greek
  turkey: turkish
  cyprus: cypriot
  malta: maltese
  albania: albanian
  serbia: serbian
  croatia: croatian
  slovenia: slovenian, slovene
  bosnia and herzegovina: bosnian
  montenegro: montenegrin
  ukraine: ukrainian
  belarus: belarusian
  moldova: moldovan
  estonia: estonian
  latvia: latvian
  lithuania: lithuanian
  russia: russian, russians, russian federation
  armenia: armenian
  azerbaijan: azerbaijani
  kazakhstan: kazakh, kazakhstani
  uzbekistan: uzbek
  israel: israeli, israelis
  lebanon: lebanese
  syria: syrian
  jordan: jordanian
  iraq: iraqi
  iran: iranian
  saudi arabia: saudi, saudi arabian
  kuwait: kuwaiti
  qatar: qatari
  yemen: yemeni
  egypt: egyptian
  libya: libyan
  tunisia: tunisian
  algeria: algerian
  morocco: moroccan
  sudan: sudanese
  ethiopia: ethiopian
  somalia: somali
  kenya: kenyan
  uganda: ugandan
  tanzania: tanzanian
  rwanda: rwandan
  zambia: zambian
  zimbabwe: zimbabwean
  south africa: south african
  nigeria: nigerian
  ghana: ghanaian
  senegal: senegalese
  cameroon: cameroonian
  afghanistan: afghan
  pakistan: pakistani
  india: indian
  bangladesh: bangladeshi
  sri lanka: sri lankan
  nepal: nepalese, nepali
  china: chinese, people s republic of china, prc
  taiwan: taiwanese
  japan: japanese
  mongolia: mongolian
  south korea: south korean
  north korea: north korean
  thailand: thai
  vietnam: vietnamese
  cambodia: cambodian
  malaysia: malaysian
  singapore: singaporean
  indonesia: indonesian
  philippines: filipino, philippine
  australia: australian, australians
  new zealand: new zealander
  canada: canadian, canadians
  mexico: mexican
  guatemala: guatemalan
  el salvador: salvadoran
  honduras: honduran
  nicaragua: nicaraguan
  costa rica: costa rican
  panama: panamanian
  cuba: cuban
  haiti: haitian
  jamaica: jamaican
  colombia: colombian
  venezuela: venezuelan
  ecuador: ecuadorian
  peru: peruvian
  bolivia: bolivian
  chile: chilean
  argentina: argentine, argentinian
  uruguay: uruguayan
  paraguay: paraguayan
  brazil: brazilian
  new york city: nyc, n y c
  alabama: al, ala
  alaska: ak
  arizona: az, ariz
  arkansas: ar, ark
  california: ca, calif
  colorado: co, colo
  connecticut: ct, conn
  delaware: del
  florida: fl, fla
  hawaii: hi
  idaho: id
  illinois: il, ill
  indiana: ind
  iowa: ia
  kansas: ks, kan
  kentucky: ky
  maine: me
  maryland: md
  massachusetts: ma, mass
  michigan: mi, mich
  minnesota: mn, minn
  mississippi: ms, miss
  missouri: mo
  montana: mt, mont
  nebraska: ne, neb
  nevada: nv, nev
  new hampshire: nh, n h
  new jersey: nj, n j
  new mexico: nm, n m
  north carolina: nc, n c
  north dakota: nd, n d
  ohio: oh
  oklahoma: ok, okla
  oregon: ore
  pennsylvania: pa, penn
  rhode island: ri, r i
  south carolina: sc, s c
  south dakota: sd, s d
  tennessee: tn, tenn
  texas: tx, tex
  utah: ut
  vermont: vt
  virginia: va
  wisconsin: wi, wis
  west virginia: wv, w va
  wyoming: wy, wyo
`;

const PROPER_NAME_OF: ReadonlyMap<string, string> = new Map(
  FORMS.trim()
    .split('\n')
    .flatMap((line) => {
      const [name = '', forms = ''] = line.trim().split(': ');
      return forms.split(', ').map((form) => [form, name] as const);
    }),
);

/**
 * The normalised name that a place is identified by, where it is known under another one: "american", "u s" and "usa" are
 * "united states", "calif" is "california".
 */
export function properPlaceName(normalised: string): string | undefined {
  return PROPER_NAME_OF.get(normalised);
}

/** The same as it is written: "United States", "Bosnia and Herzegovina". */
export function writtenPlaceName(normalised: string): string | undefined {
  return properPlaceName(normalised)?.replace(/\b(?!and\b)\p{L}/gu, (letter) => letter.toUpperCase());
}
