/** What pronouns agree with; only what the text or a common name tells. */
export type Gender = 'masculine' | 'feminine';

export function sameGender(a: Gender | null, b: Gender | null): boolean {
  return a === null || b === null || a === b;
}

const MASCULINE_WORDS = new Set(
  (
    'mr sir lord king prince emperor pope father son brother husband grandfather grandson uncle nephew boy man actor ' +
    'businessman statesman nobleman duke count baron monk priest widower fiance chairman congressman spokesman'
  ).split(' '),
);
const FEMININE_WORDS = new Set(
  (
    'mrs ms miss lady dame madame mme queen princess empress mother daughter sister wife grandmother granddaughter aunt ' +
    'niece girl woman actress businesswoman stateswoman noblewoman duchess countess baroness nun widow fiancee ' +
    'chairwoman congresswoman spokeswoman bride heiress ballerina'
  ).split(' '),
);

/** Common given names of Europe and the Americas, normalised. */
const MASCULINE_NAMES = new Set(
  (
    'aaron adam adolf alan albert alberto alejandro alex alexander alfred allen andre andrea andreas andrew angelo anthony ' +
    'antoine anton antonio arnold arthur august austin barack barry ben benjamin bernard bernie bill billy bob bobby boris ' +
    'brad bradley brandon brian bruce bryan carl carlo carlos cecil charles charlie chester chris christian christopher ' +
    'chuck clark claude clint colin craig dan daniel danny dave david dean dennis derek diego dmitri dmitry don donald ' +
    'doug douglas duncan dustin dwight ed eddie edgar edmund eduard eduardo edward edwin elijah elliott elon emil emmanuel ' +
    'enrico eric erich ernest ernst erwin ethan eugene evan felix ferdinand fernando francesco francis francisco franco ' +
    'frank franklin franz fred frederick friedrich fritz fyodor gabriel galileo gary gavin geoffrey georg george gerald ' +
    'gerard gilbert giovanni giuseppe gordon graham greg gregory guillermo gustav guy hans harold harry harvey heinrich ' +
    'henri henrik henry herbert herman hermann howard hugh hugo ian igor isaac ivan jack jackson jacob jacques jake james ' +
    'jan jason javier jay jean jeff jeffrey jeremy jerome jerry jesse jim jimmy joachim joe joel johann johannes john johnny ' +
    'jon jonathan jorge jose josef joseph joshua juan julian julius justin karl keith ken kenneth kevin kurt kyle lance ' +
    'larry lars laurence lawrence lee leo leon leonard leonardo leonid leopold leroy leslie lewis liam lloyd louis luca ' +
    'lucas ludwig luigi luis luke malcolm manuel marc marcel marco marcus mario mark martin marvin mathew matt matteo ' +
    'matthew maurice max maxwell melvin michael michel miguel mike mikhail milton mitchell mohamed mohammed morgan morris ' +
    'muhammad nathan neil nelson nicholas nick nicolas niels nigel nikita niklaus nikola nikolai noah norman oliver oscar ' +
    'oskar otto owen pablo patrick paul pedro pete peter philip philippe pierre rafael ralph ramon randy raul ray raymond ' +
    'rene ricardo richard rick rob robert roberto rodney roger roland roman ron ronald ross roy rudolf rudolph rupert ' +
    'russell ryan salvador sam samuel santiago scott sean sebastian sergei sergey seth simon spencer stan stanley stefan ' +
    'stephen steve steven stuart ted terry theodor theodore thomas tim timothy tobias todd tom tommy tony travis trevor ' +
    'tyler ulrich umberto victor vincent vladimir wallace walt walter warren wayne werner wesley wilhelm will willem ' +
    'william willy winston wolfgang xavier yuri zachary'
  ).split(' '),
);
const FEMININE_NAMES = new Set(
  (
    'abigail ada adele adriana agatha agnes alexandra alice alicia alison amalia amanda amelia amy ana anastasia andrea ' +
    'angela anita ann anna annabelle anne annette annie antonia astrid audrey ava barbara beatrice becky bella bernadette ' +
    'bertha beth betty beverly bianca bonnie brenda bridget brigitte brooke camila carla carmen carol carole carolina ' +
    'caroline carolyn carrie catherine cathy cecilia charlotte cheryl chiara chloe christina christine cindy claire clara ' +
    'clarissa claudia constance courtney cynthia daisy daniela danielle daphne debbie deborah debra denise diana diane ' +
    'dolores donna dora doris dorothy edith eileen elaine eleanor elena elisabeth elise eliza elizabeth ella ellen elsa ' +
    'elsie emilia emily emma erica erika esther ethel eva eve evelyn fiona florence frances francesca frida gabriela ' +
    'gabrielle gertrude gina giulia gladys gloria grace greta gwendolyn hanna hannah harriet hazel heather heidi helen ' +
    'helena helene henrietta hilary hilda hillary ida ines ingrid irena irene iris isabel isabella isabelle ivy jacqueline ' +
    'jane janet janice jean jeanne jennifer jessica jill joan joanna josephine joyce juanita judith judy julia juliana julie ' +
    'juliet june karen karin kate katharina katherine kathleen kathryn kathy katie kay kelly kim kimberly kirsten kristen ' +
    'kristin laura lauren laurie lea leah lena leonora leslie lillian lily linda lisa lise lois lola loretta lori lorraine ' +
    'louise lucia lucille lucy luisa lydia lynn mabel madeleine madeline madonna maggie margaret margarita marge maria marian ' +
    'marianne marie marilyn marina marion marjorie marlene marta martha martina mary matilda maureen maxine megan melanie ' +
    'melinda melissa mercedes meredith meryl mia michelle mildred miranda miriam molly monica nadia nancy naomi natalia ' +
    'natalie natasha nellie nicole nina nora norma octavia olga olivia oprah pamela patricia patty paula pauline pearl peggy ' +
    'penelope phyllis priscilla rachel rebecca regina renata rhonda rita roberta rosa rosalind rosalyn rose rosemary ruby ' +
    'ruth sabina sabrina sally samantha sandra sara sarah savannah selma serena shannon sharon sheila shirley silvia simone ' +
    'sofia sonia sophia sophie stella stephanie sue susan susanna suzanne svetlana sylvia tamara tanya tara teresa thelma ' +
    'theresa tina tracy ursula valentina valerie vanessa vera veronica victoria viola violet virginia vivian wanda wendy ' +
    'whitney wilhelmina winifred yolanda yvonne zoe'
  ).split(' '),
);

/**
 * What the given name tells; null for names that both bear ("Jean", "Andrea"), for unknown ones and for a single
 * word, which may be a surname ("Jackson").
 */
export function genderOfName(words: readonly string[]): Gender | null {
  const given = words[0];
  if (given === undefined || words.length < 2) return null;
  const masculine = MASCULINE_NAMES.has(given);
  const feminine = FEMININE_NAMES.has(given);
  if (masculine === feminine) return null;
  return masculine ? 'masculine' : 'feminine';
}

/**
 * What a title, a word for a relative or an occupation right around a name tells: "his wife Marie", "Mrs Curie".
 * @param before text of the sentence up to the name
 */
export function genderOfContext(before: string, name: string): Gender | null {
  const words = `${before.slice(-40)} ${name}`.toLowerCase().match(/[a-z]+/g) ?? [];
  const nameWords = (name.toLowerCase().match(/[a-z]+/g) ?? []).length;
  // Across a comma ("his wife, Marie") the word still speaks of the name; across a stop it does not.
  const near = /[.;:!?](?<!\b(?:mr|mrs|ms|dr|st)\.)\s*$/i.test(before)
    ? []
    : words.slice(0, words.length - nameWords);
  // Titles inside the name ("Grand Duke Ferdinand"), then the word before it.
  for (const word of [...words.slice(words.length - nameWords, -1), near.at(-1)]) {
    if (word === undefined) continue;
    if (MASCULINE_WORDS.has(word)) return 'masculine';
    if (FEMININE_WORDS.has(word)) return 'feminine';
  }
  return null;
}
