using System.Globalization;

namespace Ci.Pipelines.Scheduling;

/// <summary>
/// Hands on what happens as if one step ran after the other: a step's events come when all steps before it have ended. Only one event
/// is handed on at a time, from whichever thread it comes.
/// </summary>
internal sealed class EventOrder(IReadOnlyList<PlanStep> plan, Action<ReproEvent> ordered, Action<ReproEvent>? live)
{
    private const int MostEvents = 10_000;
    private const int MostCharacters = 4 << 20;

    private readonly Lock gate = new();
    private readonly Kept[] kept = [.. plan.Select(_ => new Kept())];
    private int turn;

    public void Tell(PlanStep step, ReproEvent happened)
    {
        lock (this.gate)
        {
            live?.Invoke(happened);
            if (step.Index == this.turn)
                ordered(happened);
            else
                this.kept[step.Index].Add(happened);
        }
    }

    /// <summary>Nothing more comes from the step.</summary>
    public void End(PlanStep step)
    {
        lock (this.gate)
        {
            this.kept[step.Index].Ended = true;
            while (this.turn < plan.Count && this.kept[this.turn].Ended)
            {
                if (++this.turn < plan.Count)
                    this.kept[this.turn].HandOn(plan[this.turn].Name, ordered);
            }
        }
    }

    /// <summary>Nothing more comes at all; steps that never began are passed over.</summary>
    public void EndAll()
    {
        lock (this.gate)
        {
            for (; this.turn < plan.Count; this.turn++)
                this.kept[this.turn].HandOn(plan[this.turn].Name, ordered);
        }
    }

    // What a step says before its turn; of very much, the newest lines.
    private sealed class Kept
    {
        private readonly Queue<ReproEvent> events = new();
        private readonly List<ReproEvent> first = [];
        private long characters;
        private int dropped;

        public bool Ended { get; set; }

        public void Add(ReproEvent happened)
        {
            this.events.Enqueue(happened);
            this.characters += happened.Text.Length;
            while (this.events.Count > MostEvents || (this.characters > MostCharacters && this.events.Count > 1))
            {
                var oldest = this.events.Dequeue();
                this.characters -= oldest.Text.Length;
                if (oldest.Kind == ReproEventKind.Line)
                    this.dropped++;
                else
                    this.first.Add(oldest);
            }
        }

        public void HandOn(string name, Action<ReproEvent> ordered)
        {
            this.first.ForEach(ordered);
            if (this.dropped > 0)
                ordered(new ReproEvent(name, ReproEventKind.Line, string.Create(CultureInfo.InvariantCulture, $"({this.dropped} lines are left out here; the stage's log has them)")) { IsError = true });
            foreach (var happened in this.events)
                ordered(happened);
            this.first.Clear();
            this.events.Clear();
            (this.dropped, this.characters) = (0, 0);
        }
    }
}
