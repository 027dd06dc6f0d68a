namespace Ci.Pipelines.Scheduling;

/// <summary>Orders numbered things by what needs what, without recursion: a chain may be as long as it likes.</summary>
internal static class Topology
{
    /// <summary>All that a depth-first walk from each start reaches, needs first: the order in which DVC goes.</summary>
    /// <param name="starts">Where walks begin, in order.</param>
    /// <param name="needs">What each thing needs, in order; none may be walked that <paramref name="among"/> denies.</param>
    /// <param name="among">Null: all.</param>
    /// <param name="circle">Called with a circle (its first thing stands at its end, too) when there is one; must throw.</param>
    public static List<int> Order(IEnumerable<int> starts, IReadOnlyList<IReadOnlyList<int>> needs, Func<int, bool>? among, Action<IReadOnlyList<int>> circle)
    {
        var state = new byte[needs.Count];
        var order = new List<int>(needs.Count);
        var path = new Stack<(int At, int Next)>();
        foreach (var start in starts)
        {
            if (state[start] != 0)
                continue;
            state[start] = 1;
            path.Push((start, 0));
            while (path.TryPop(out var step))
            {
                if (step.Next == needs[step.At].Count)
                {
                    state[step.At] = 2;
                    order.Add(step.At);
                    continue;
                }

                path.Push((step.At, step.Next + 1));
                var need = needs[step.At][step.Next];
                if (state[need] == 1)
                    circle([need, .. path.Select(p => p.At).TakeWhile(p => p != need), need]);
                if (state[need] != 0 || among?.Invoke(need) is false)
                    continue;
                state[need] = 1;
                path.Push((need, 0));
            }
        }

        return order;
    }

    /// <summary>The given things and all that can be reached from them.</summary>
    public static HashSet<int> Reach(IEnumerable<int> starts, Func<int, IReadOnlyList<int>> next)
    {
        var reached = new HashSet<int>();
        var open = new Stack<int>(starts);
        while (open.TryPop(out var at))
        {
            if (!reached.Add(at))
                continue;
            foreach (var other in next(at))
                open.Push(other);
        }

        return reached;
    }
}
