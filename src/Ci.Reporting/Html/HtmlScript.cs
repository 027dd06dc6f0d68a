namespace Ci.Reporting;

/// <summary>The page's own script: it sorts and filters tables, and says what a mark of a figure stands for. Nothing from a report is ever put into it.</summary>
internal static class HtmlScript
{
    /// <summary>Without it the page says the same; tables only stand as they are, and marks have the browser's own tooltips.</summary>
    public const string Text =
        """

        'use strict';
        const collator = new Intl.Collator('en', { numeric: true });
        const keyOf = cell => cell.dataset.sort === undefined ? cell.textContent.trim() : Number(cell.dataset.sort);
        const isEmpty = key => typeof key === 'string' && (key === '' || key === '—');
        // What is not there stays last, whichever way the rest is sorted; numbers stand before texts.
        const order = (a, b, turn) => isEmpty(a) || isEmpty(b) ? isEmpty(a) - isEmpty(b)
          : typeof a !== typeof b ? (typeof a === 'number' ? -1 : 1)
          : turn * (typeof a === 'number' ? a - b : collator.compare(a, b));
        for (const table of document.querySelectorAll('table.sortable')) {
          const heads = [...table.tHead.rows[0].cells];
          const body = table.tBodies[0];
          heads.forEach((head, column) => {
            const button = document.createElement('button');
            button.type = 'button';
            button.title = 'Sort by this column';
            button.append(...head.childNodes);
            head.append(button);
            button.addEventListener('click', () => {
              const turn = head.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
              heads.forEach(other => other.removeAttribute('aria-sort'));
              head.setAttribute('aria-sort', turn > 0 ? 'ascending' : 'descending');
              const rows = [...body.rows].map(row => ({ row, key: keyOf(row.cells[column]) }));
              body.append(...rows.sort((a, b) => order(a.key, b.key, turn)).map(item => item.row));
            });
          });
          if (body.rows.length > 50) addFilter(table, body);
        }

        function addFilter(table, body) {
          const label = document.createElement('label');
          label.className = 'filter';
          const input = document.createElement('input');
          input.type = 'search';
          const count = document.createElement('span');
          count.setAttribute('role', 'status');
          label.append('Show rows with ', input, ' ', count);
          table.parentElement.before(label);
          let texts;
          input.addEventListener('input', () => {
            texts ??= new Map([...body.rows].map(row => [row, [...row.cells].map(cell => cell.textContent).join(' ').toLowerCase()]));
            const words = input.value.toLowerCase().split(/\s+/).filter(word => word);
            let shown = 0;
            for (const [row, text] of texts) {
              row.hidden = !words.every(word => text.includes(word));
              shown += row.hidden ? 0 : 1;
            }
            count.textContent = words.length === 0 ? '' : shown + ' of ' + texts.size;
          });
        }

        // One readout for all figures: pointer, touch, or Tab to a figure and then the arrow keys.
        const tip = document.createElement('div');
        tip.className = 'tip';
        tip.setAttribute('role', 'status');
        tip.hidden = true;
        document.body.append(tip);
        let lit = null;
        const say = mark => {
          if (lit) lit.classList.remove('lit');
          lit = mark;
          tip.hidden = !mark;
          if (!mark) return;
          mark.classList.add('lit');
          tip.textContent = mark.dataset.tip;
          const place = mark.getBoundingClientRect(), box = tip.getBoundingClientRect(), edge = document.documentElement.clientWidth;
          const above = place.top - box.height - 10;
          tip.style.left = Math.max(8, Math.min(edge - box.width - 8, place.left + place.width / 2 - box.width / 2)) + 'px';
          tip.style.top = (above > 4 ? above : place.bottom + 10) + 'px';
        };
        // A mark keeps its words; taken out of its title they are not shown twice.
        const marksOf = figure => {
          if (!figure.marks) {
            figure.marks = [...figure.querySelectorAll('title')].filter(title => title.parentNode !== figure).map(title => {
              const mark = title.parentNode;
              mark.dataset.tip = title.textContent;
              title.remove();
              return mark;
            });
          }
          return figure.marks;
        };
        for (const figure of document.querySelectorAll('svg.figure')) {
          if (figure.querySelector('* > title')) figure.tabIndex = 0;
          figure.addEventListener('pointerover', event => {
            marksOf(figure);
            say(event.target.dataset.tip === undefined ? null : event.target);
          });
          figure.addEventListener('pointerleave', () => say(null));
          figure.addEventListener('blur', () => say(null));
          figure.addEventListener('keydown', event => {
            const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
            const marks = marksOf(figure);
            if (event.key === 'Escape') say(null);
            if (!step || marks.length === 0) return;
            event.preventDefault();
            const at = marks.indexOf(lit);
            say(marks[at < 0 ? (step > 0 ? 0 : marks.length - 1) : (at + step + marks.length) % marks.length]);
          });
        }
        addEventListener('scroll', () => say(null), { passive: true });

        // The contents say where one is.
        const links = new Map([...document.querySelectorAll('nav a')].map(link => [link.hash.slice(1), link]));
        const watcher = new IntersectionObserver(entries => {
          for (const entry of entries) {
            if (!entry.isIntersecting) continue;
            links.forEach(link => link.removeAttribute('aria-current'));
            links.get(entry.target.id)?.setAttribute('aria-current', 'true');
          }
        }, { rootMargin: '0px 0px -75% 0px' });
        document.querySelectorAll('main > section').forEach(section => watcher.observe(section));

        """;
}
