// Writes where PostgreSQL's own grammar begins and ends the statements of src/test/resources/grammar/*.sql.
// GrammarBoundariesTest compares the splitter with them. See README.md.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'libpg-query';

const folder = new URL('../resources/grammar/', import.meta.url);
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/** The grammar knows no rows: those below a line that ends in "-- rows" become blanks, so that every offset stays. */
function withoutRows(bytes) {
  const blank = Buffer.from(bytes);
  let inRows = false;
  for (let begin = 0; begin < bytes.length; ) {
    const lf = bytes.indexOf(LF, begin);
    const next = lf < 0 ? bytes.length : lf + 1;
    const line = bytes.toString('utf8', begin, next).replace(/\r?\n$/, '');
    if (inRows) {
      for (let i = begin; i < next; i++) {
        if (blank[i] !== LF && blank[i] !== CR) {
          blank[i] = SPACE;
        }
      }
      inRows = line !== '\\.';
    } else {
      inRows = line.endsWith('-- rows');
    }
    begin = next;
  }
  return blank;
}

/** The alternatives of the grammar named above each statement. */
function alternatives(script, text, statements, problems) {
  const found = [];
  const annotation = /^--: (.*?)\r?$/gm;
  for (let match = annotation.exec(text); match; match = annotation.exec(text)) {
    const at = Buffer.byteLength(text.slice(0, match.index));
    const statement = statements.find((candidate) => candidate.start > at);
    if (!statement) {
      problems.push(`${script}: no statement below "${match[1]}"`);
    } else {
      found.push({ alternative: match[1], node: statement.node });
    }
  }
  return found;
}

const scripts = readdirSync(folder).filter((name) => name.endsWith('.sql')).sort();
const checklist = readFileSync(new URL('rules.txt', folder), 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'));
const covered = new Set();
const problems = [];
const lines = ['# script, begin and end of each statement in bytes as the grammar of PostgreSQL 18 has them, kind of statement'];
for (const script of scripts) {
  const bytes = readFileSync(new URL(script, folder));
  const text = bytes.toString('utf8');
  let parsed;
  try {
    parsed = await parse(withoutRows(bytes).toString('utf8'));
  } catch (e) {
    problems.push(`${script}: ${e.message} at character ${e.sqlDetails?.cursorPosition}`);
    continue;
  }
  const statements = parsed.stmts.map((raw) => {
    const start = raw.stmt_location ?? 0;
    return { start, end: raw.stmt_len ? start + raw.stmt_len : '', node: Object.keys(raw.stmt)[0] };
  });
  for (const { alternative } of alternatives(script, text, statements, problems)) {
    covered.add(alternative);
  }
  for (const { start, end, node } of statements) {
    lines.push([script, start, end, node].join(','));
  }
}
problems.push(...checklist.filter((rule) => !covered.has(rule)).map((rule) => `No statement for "${rule}"`));
problems.push(...[...covered].filter((rule) => !checklist.includes(rule)).map((rule) => `"${rule}" is not in rules.txt`));
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
writeFileSync(new URL('boundaries.csv', folder), lines.join('\n') + '\n');
console.log(`${scripts.length} scripts, ${lines.length - 1} statements, ${checklist.length} alternatives of the grammar`);
