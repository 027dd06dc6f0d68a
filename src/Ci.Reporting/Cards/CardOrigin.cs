namespace Ci.Reporting;

/// <summary>The sections that say where a model comes from, who answers for it, and how one can tell that it is this one.</summary>
internal static class CardOrigin
{
    public static IEnumerable<CardBlock> Lineage(ModelCard card)
    {
        yield return new CardBlock.Table("Origin", ReportTables.Lineage(card.Report));
        if (card.Release is { } release)
        {
            if (release.Dirty)
                yield return new CardBlock.Warning("Not committed.", "The working tree had changes that the commit does not hold: the model cannot be made again from the commit alone.");
            if (card.Report.Lineage.Commit is { } commit && commit != release.Commit)
                yield return new CardBlock.Text($"The report was made at another commit than the release: {PlainText.Clean(release.Commit)}.");
            yield return new CardBlock.Table("Release", ReportTable.Facts(
            [
                ("commit", new Cell(release.Commit, CellKind.Code)),
                ("pipeline lock, SHA-256", new Cell(release.PipelineLockSha256 ?? "", CellKind.Code)),
                .. release.DataSha256.OrderBy(data => data.Key, StringComparer.Ordinal).Select(data => (data.Key, new Cell(data.Value, CellKind.Code))),
                .. release.Seeds.OrderBy(seed => seed.Key, StringComparer.Ordinal).Select(seed => ($"seed {seed.Key}", new Cell(seed.Value, CellKind.Code))),
                ("runner image", new Cell(release.RunnerImage ?? "")),
                ("hardware", new Cell(release.Hardware ?? "")),
                ("made", new Cell($"{release.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC")),
            ]));
        }

        if (card.Report.Parameters.Count > 0)
            yield return new CardBlock.Table("Parameters", ReportTables.Parameters(card.Report));
    }

    public static IEnumerable<CardBlock> License(ModelCard card)
    {
        var (license, contacts) = (card.Details.License, card.Details.Contacts);
        if (license is not null || contacts.Count > 0)
            yield return new CardBlock.Table("License and contacts", ReportTable.Facts([("license", new Cell(license ?? "")), .. contacts.Select(contact => ("contact", new Cell(contact)))]));
        if (license is null)
            yield return new CardBlock.Absent("No license is stated (`license` of card.yaml).");
        if (contacts.Count == 0)
            yield return new CardBlock.Absent("Nobody is named who answers for the model (`contacts` of card.yaml).");
    }

    public static IEnumerable<CardBlock> Reproduce(ModelCard card)
    {
        if (Foot.Reproduce(card.Report) is not { } command)
        {
            yield return new CardBlock.Absent("The report names no commit: the evaluation cannot be made again from this card.");
            yield break;
        }

        yield return new CardBlock.Text("The evaluation, from the commit and the data with the digests above:");
        yield return new CardBlock.Code(command);
        yield return new CardBlock.Text("This card, from its documents:");
        yield return new CardBlock.Code(card.Release is null ? "mlops card create report.json --details card.yaml --out card.pdf" : "mlops card create report.json --release release.json --details card.yaml --out card.pdf");
    }

    public static IEnumerable<CardBlock> Signature(ModelCard card)
    {
        yield return card.Release is { State: SignatureState.Verified } ? new CardBlock.Text(card.SignatureWords) : new CardBlock.Warning("Signature.", card.SignatureWords);
        yield return new CardBlock.Table("What is signed", ReportTable.Facts(
        [
            ("release", new Cell(card.Release is { } r ? $"{r.Name} {r.Version}" : "")),
            ("release id", new Cell(card.Release?.Id ?? "", CellKind.Code)),
            ("key, SHA-256", new Cell(card.Release?.KeyFingerprint ?? "", CellKind.Code)),
            ("report.json, SHA-256", new Cell(card.ReportSha256, CellKind.Code)),
        ]));
        if (card.Release is not { Files.Count: > 0 } release)
            yield break;
        yield return new CardBlock.Table("Files", new ReportTable(
            [("file", false), ("role", false), ("size", true), ("hashed here", false), ("SHA-256", false)],
            [.. release.Files.Select(file => (IReadOnlyList<Cell>)
            [
                new Cell(file.Path, CellKind.Code), new Cell(file.Role), new Cell(Numbers.Bytes(file.Bytes), Sort: file.Bytes),
                file.Hashed ? new Cell("yes") : new Cell("no", CellKind.Muted), new Cell(file.Sha256, CellKind.Code),
            ])]));
        if (release.State == SignatureState.Verified)
            yield return new CardBlock.Text("To verify it again, with the release's folder and the trusted key: `mlops release verify FOLDER`.");
    }
}
