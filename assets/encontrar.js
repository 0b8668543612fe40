/* Which places a text typed by a person means, as dashboard/address/found_places.py finds them, step by step: whoever changes one
 * changes the other, and tests/test_a_place_is_found.py compares them. It is asked for when somebody goes to the search box.
 */
const NEAREST = 5; // places suggested when none was found
const EMPTY = /^(?:de|del|las?|el|los|y|en)$/, SAINT = /^(?:san|sant[ao])$/, NUMBER = /^\d+$/;
const WHOLE = { sta: "santa", sto: "santo", sn: "san", cd: "ciudad", pto: "puerto", depto: "departamento", dpto: "departamento",
  muni: "municipio" };
const OF_A_MUNICIPIO = ["municipio", "ciudad", "pueblo", "zona"];

const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
const words = (text) => (fold(text.slice(0, 80)).match(/[a-z0-9]+/g) || []).slice(0, 8)
  .filter((word, at, all) => all.slice(0, at).filter((other) => other === word).length < 2).map((word) => WHOLE[word] || word);
const told = (all) => { const some = all.filter((word) => !EMPTY.test(word)); return some.length ? some : all; };
const order = (a, b) => { const at = a.findIndex((part, i) => part !== b[i]); return at < 0 ? 0 : a[at] < b[at] ? -1 : 1; };
const sorted = (pairs) => pairs.sort((a, b) => order(a[1], b[1])).map(([place]) => place);

/** Letters that sound the same here, in the order in which they are read. */
const SOUNDS = ["qu:k", "ch:1", "ce:se", "ci:si", "c:k", "z:s", "v:b", "ll:y", "h:"].map((pair) => pair.split(":"));
const sound = once((word) => SOUNDS.reduce((read, [written, sounds]) => read.replaceAll(written, sounds), word));

/** The same function, which works out each answer once: the words of places are few, and come again for each letter typed. */
function once(work) {
  const known = new Map();
  return (word) => known.get(word) ?? known.set(word, work(word)).get(word);
}

/** How many letters are missing, too many, changed or swapped. */
function apart(a, b) {
  let older, row = [...b, ""].map((_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], older[j - 2] + 1);
    }
    [older, row] = [row, next];
  }
  return row[b.length];
}
/** Whether they are `apart` by one letter at the most: what they do not share at their ends is one letter, or two swapped. */
function near(a, b) {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0, end = 0;
  const shorter = Math.min(a.length, b.length);
  while (start < shorter && a[start] === b[start]) start++;
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [one, other] = [a, b].map((word) => word.slice(start, word.length - end));
  return Math.max(one.length, other.length) < 2 || (one.length === 2 && other.length === 2 && one[0] + one[1] === other[1] + other[0]);
}

/** What it costs that a word that was typed is another: the same, its beginning, with a typo, a beginning with one, by its sound. */
const price = (word, typos) => once((other) => word === other ? 0 : other.startsWith(word) ? 1 : !typos ? 9
  : Math.max(word.length, other.length) > 2 && near(word, other) ? 4
  : word.length > 3 && [-1, 0, 1].some((more) => near(word, other.slice(0, word.length + more))) ? 5
  : Math.max(word.length, other.length) > 3 && near(sound(word), sound(other)) ? 6 : 9);

/** The places of a release, from its list of places, and every way of naming each of them. */
function named(all) {
  const places = Object.entries(all).map(([code, [name, level, parent, ...said]]) =>
    ({ code, name, level, parent, said, of: parent ? all[parent][0] : level }));
  return places.flatMap((place) => {
    const { code, name, level, parent, of } = place, last = [+!parent, words(name).join(" "), code];
    const alike = places.filter((other) => other.parent && other.parent === parent && other.name === of);
    const known = [of, ...alike.flatMap((other) => other.said)].flatMap((said) => told(words(said)));
    const around = parent ? [...new Set([...known, ...OF_A_MUNICIPIO])] : [level];
    return [name, ...place.said].flatMap((said, i) => {
      const text = words(said);
      const way = { place, own: told(text), text: text.join(" "), around, last, nickname: i > 0, joined: false };
      const joined = [...(text[1] ? [[text.join("")]] : []),
        ...(text[2] && SAINT.test(text[0]) ? [told([text[0] + text[1], ...text.slice(2)])] : [])];
      return [way, ...joined.map((own) => ({ ...way, own, text: "", joined: true }))];
    });
  });
}

/** How well a name matches, in the order of the best; null if some word is nowhere in it. */
function rank(asked, prices, way, typed, typos, country) {
  const own = [...way.own], around = [...way.around, ...(typos ? [country] : [])];
  const scraps = typos && asked.some((word) => word.length > 3);
  let cost = 0, qualified = 0, whole = true, clear = false, said = asked.every((word) => SAINT.test(word));
  for (const [at, word] of asked.entries()) {
    const best = (left, most) => left.reduce((found, other, i) => {
      const paid = prices[at](other);
      return paid < Math.min(found[0], most) ? [paid, i] : found;
    }, [9]);
    const inside = best(own, 9), beside = best(around, word.length > 2 ? 9 : 1);
    if (inside[0] < 9 && inside[0] <= beside[0]) {
      own.splice(inside[1], 1);
      cost += inside[0];
      said ||= !SAINT.test(word);
      clear ||= word.length > 2 || !inside[0];
      whole &&= inside[0] % 2 === 0;
    } else if (beside[0] < 9) {
      around.splice(beside[1], 1);
      cost += beside[0];
      qualified++;
    } else if (scraps && word.length < 4 && !NUMBER.test(word)) cost += 4;
    else if (!NUMBER.test(word)) return null;
  }
  if (!said || (qualified && !clear)) return null;
  whole &&= !own.length;
  const step = typos ? (whole ? 4 : 5) : whole ? +way.nickname : way.text.startsWith(typed.join(" ")) ? 2 : 3;
  return [step, own.length, qualified, cost, ...way.last];
}

function matching(ways, typed, typos, country) {
  const best = new Map();
  for (const asked of typos && typed[1] ? [told(typed), [typed.join("")]] : [told(typed)]) {
    const prices = asked.map((word) => price(word, typos));
    for (const way of ways) {
      const found = (typos || !way.joined) && rank(asked, prices, way, typed, typos, country);
      if (found && !(best.has(way.place) && order(best.get(way.place), found) <= 0)) best.set(way.place, found);
    }
  }
  return sorted([...best]);
}

/** The places that share the longest words with what was typed and, of those, the most like it. */
function nearest(names, typed) {
  const shared = (own) => [...new Set(own)].filter((word) => !SAINT.test(word) && typed.includes(word)).join("").length;
  const like = ({ own, text, last }) => [-shared(own), apart(typed.join(""), text.replaceAll(" ", "")), ...last];
  return sorted(names.map((way) => [way.place, like(way)])).slice(0, NEAREST);
}

/** What finds the places of a list: from a text, [the places it means, false], or [those most like it, true]. */
export function finder(all, countryName) {
  const ways = named(all), names = ways.filter((way) => !way.joined && !way.nickname), country = fold(countryName);
  return (said) => {
    const typed = words(said), text = typed.join(" ");
    if (!text) return [[], false];
    const coded = NUMBER.test(text) && names.find(({ place }) => [text, `0${text}`].includes(place.code));
    if (coded) return [[coded.place], false];
    const begin = typed.every((word) => EMPTY.test(word)) ? names.filter((way) => way.text.startsWith(text)) : [];
    let found = sorted(begin.map((way) => [way.place, way.last]));
    for (const typos of [false, true]) if (!found[0]) found = matching(ways, typed, typos, country);
    return found[0] ? [found, false] : [nearest(names, typed), true];
  };
}
