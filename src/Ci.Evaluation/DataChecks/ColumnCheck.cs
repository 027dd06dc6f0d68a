using System.Text;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>One column against its rule, cell by cell. A reference's columns are read the same way, and only their profiles are used.</summary>
internal sealed class ColumnCheck : IDisposable
{
    private readonly ColumnRule rule;
    private readonly byte[][] marks;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>>? values;
    private readonly HashSet<RowHash>? numbers;
    private readonly RuleLogs logs;
    private readonly BreachLog missing;
    private readonly KeyRuns? keys;
    private double previous = double.NaN;
    private char[] text = new char[256];

    public ColumnCheck(string column, ColumnRule rule, IReadOnlyList<string> marks, int sample, bool judges)
    {
        (this.Column, this.rule) = (column, rule);
        this.marks = [.. marks.Select(Encoding.UTF8.GetBytes)];
        this.logs = new RuleLogs(rule);
        this.missing = new BreachLog("missing", rule.Missing == 0 ? "no missing cell" : $"at most {RuleLogs.Percent(rule.Missing)} of the cells missing");
        if (rule.Type.IsNumber())
            this.numbers = rule.Values?.Select(NumberOf).ToHashSet();
        else if (rule.Values is { } all)
            this.values = all.ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        this.keys = rule.Unique && judges ? new KeyRuns() : null;
        // Seeded by the column's name: the sample does not change when a column is added beside it.
        this.Profile = new ColumnProfile(sample, RowHash.Of(Encoding.UTF8.GetBytes(column)).High, rule.Type.IsMeasure());
    }

    public string Column { get; }

    public ColumnRule Rule => this.rule;

    public ColumnProfile Profile { get; }

    /// <summary>How many rules it looks at.</summary>
    public int Rules => this.logs.Count + 1 + (this.rule.Unique ? 1 : 0) + (this.rule.Constant ? 0 : 1);

    public void Add(ReadOnlySpan<byte> cell, long line)
    {
        if (this.IsMissing(cell))
            this.AddMissing(line);
        else if (this.rule.Type.IsMeasure())
            this.AddMeasure(cell, line);
        else
            this.AddText(cell, line);
    }

    /// <summary>What is broken, once all rows were added.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="duplicates">Finds the rows of equal keys and shows them.</param>
    public IEnumerable<Breach> Finish(long rows, Func<KeyRuns, IReadOnlyList<string>, Breach?> duplicates)
    {
        foreach (var log in this.logs.All)
        {
            if (log.ToBreach(this.Column, rows) is { } breach)
                yield return breach;
        }

        if (this.Profile.Missing > this.rule.Missing * rows && this.missing.ToBreach(this.Column, rows) is { } gone)
            yield return gone with { Examples = [] };
        if (!this.rule.Constant && this.Profile.Distinct < 2 && this.Profile.Count > 0)
            yield return new Breach { Column = this.Column, Rule = "constant", Expected = "at least two different values", Count = rows, Share = 1, Examples = [.. this.Profile.Values.Counts.Keys.Take(1)] };
        if (this.keys is not null && duplicates(this.keys, [this.Column]) is { } twice)
            yield return twice;
    }

    public ColumnFacts Facts() => new()
    {
        Name = this.Column,
        Type = this.rule.Type.Word(),
        Missing = this.Profile.Missing,
        Distinct = this.Profile.Distinct,
        DistinctIsEstimate = !this.Profile.IsDistinctExact,
        Min = this.Profile.Count > 0 && this.rule.Type.IsMeasure() ? CellValue.Text(this.Profile.Min, this.rule.Type) : null,
        Max = this.Profile.Count > 0 && this.rule.Type.IsMeasure() ? CellValue.Text(this.Profile.Max, this.rule.Type) : null,
        Mean = this.rule.Type.IsNumber() ? Finite(this.Profile.Mean) : null,
        StandardDeviation = this.rule.Type.IsNumber() ? Finite(this.Profile.StandardDeviation) : null,
    };

    public void Dispose() => this.keys?.Dispose();

    private static double? Finite(double value) => double.IsFinite(value) ? Digits.Round(value) : null;

    private static RowHash NumberOf(string text) => CellValue.TryRead(Encoding.UTF8.GetBytes(text), ColumnType.Number, out var value) ? RowHash.Of(value) : default;

    private bool IsMissing(ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty)
            return true;
        foreach (var mark in this.marks)
        {
            if (cell.SequenceEqual(mark))
                return true;
        }

        return false;
    }

    private void AddMissing(long line)
    {
        this.Profile.AddMissing();
        this.missing.Add(line, default);
    }

    private void AddMeasure(ReadOnlySpan<byte> cell, long line)
    {
        if (!CellValue.TryRead(cell, this.rule.Type, out var value))
        {
            this.logs.Type.Add(line, cell);
            return;
        }

        if (double.IsNaN(value))
        {
            this.AddMissing(line);
            return;
        }

        var hash = this.Profile.AddNumber(value);
        this.keys?.Add(RowKey.Of(hash, line));
        if (this.rule.Min > value)
            this.logs.Min!.Add(line, cell);
        if (this.rule.Max < value)
            this.logs.Max!.Add(line, cell);
        if (this.rule.Above >= value)
            this.logs.Above!.Add(line, cell);
        if (this.rule.Below <= value)
            this.logs.Below!.Add(line, cell);
        if (this.numbers?.Contains(hash) is false)
            this.logs.Values!.Add(line, cell);
        this.Follow(value, cell, line);
    }

    private void Follow(double value, ReadOnlySpan<byte> cell, long line)
    {
        if (!double.IsNaN(this.previous))
        {
            var isWrong = this.rule.Order switch
            {
                ColumnOrder.Increasing => value <= this.previous,
                ColumnOrder.NonDecreasing => value < this.previous,
                ColumnOrder.Decreasing => value >= this.previous,
                ColumnOrder.NonIncreasing => value > this.previous,
                _ => false,
            };
            if (isWrong)
                this.logs.Order!.Add(line, cell);
            if (this.rule.Step is { } step && Math.Abs(value - this.previous - step) > 1e-9 * Math.Max(Math.Abs(step), Math.Abs(value)))
                this.logs.Step!.Add(line, cell);
        }

        this.previous = value;
    }

    private void AddText(ReadOnlySpan<byte> cell, long line)
    {
        if (this.rule.Type == ColumnType.Boolean)
        {
            if (BooleanCell.TryRead(cell) is not { } truth)
            {
                this.logs.Type.Add(line, cell);
                return;
            }

            cell = truth ? "true"u8 : "false"u8;
        }

        var hash = this.Profile.AddText(cell);
        this.keys?.Add(RowKey.Of(hash, line));
        if (!this.logs.NeedsText)
            return;
        if (cell.Length > this.text.Length)
            this.text = new char[cell.Length];
        var chars = this.text.AsSpan(0, Encoding.UTF8.GetChars(cell, this.text));
        if (this.values?.Contains(chars) is false)
            this.logs.Values!.Add(line, cell);
        if (this.rule.Pattern?.IsMatch(chars) is false)
            this.logs.Pattern!.Add(line, cell);
        if (this.logs.Length is { } length && Runes(chars) is var count && (count < this.rule.Shortest || count > this.rule.Longest))
            length.Add(line, cell);
    }

    private static int Runes(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }
}
