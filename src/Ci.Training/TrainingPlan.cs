using Ci.Training.Linear;
using Ci.Training.Parameters;
using Ci.Training.Trees;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ci.Training;

/// <summary>What a section of <c>params.yaml</c> asks for: which trainer with which settings, on which columns, with which seed.</summary>
public sealed record TrainingPlan(ITrainer Trainer, string Target, string? Key, IReadOnlyList<string> Exclude, long Seed)
{
    private const int MostCharacters = 1 << 20;

    private static readonly NumberParameter SeedParameter = new("seed", 0, 0, 9007199254740991, "what every random choice is drawn from", Whole: true);

    private static readonly IReadOnlyList<(string Kind, IReadOnlyList<Parameter> Parameters, Func<ParameterSection, ITrainer> Make)> Trainers =
    [
        ("ridge", RidgeSettings.Parameters, section => new RidgeTrainer(RidgeSettings.Read(section))),
        ("softmax", SoftmaxSettings.Parameters, section => new SoftmaxTrainer(SoftmaxSettings.Read(section))),
        ("boosted-trees", BoostedTreesSettings.Parameters, section => new BoostedTreesTrainer(BoostedTreesSettings.Read(section))),
    ];

    /// <summary>Every kind of trainer with its parameters: for help texts.</summary>
    public static IReadOnlyList<(string Kind, IReadOnlyList<Parameter> Parameters)> Kinds { get; } =
        [.. Trainers.Select(trainer => (trainer.Kind, trainer.Parameters))];

    /// <summary>Reads one section.</summary>
    /// <param name="yaml">The whole file's text, at most 1 MiB.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="section">Dotted path of the mapping to read: <c>train</c>, <c>models.day</c>; empty reads the top level.</param>
    /// <exception cref="TrainingParameterException">Everything that is wrong with the section, at once.</exception>
    public static TrainingPlan Read(string yaml, string file, string section)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        ArgumentNullException.ThrowIfNull(section);
        var where = section.Length == 0 ? file : $"{file}:{section}";
        var reader = new ParameterSection(Locate(yaml, file, section), where);
        var kinds = string.Join(", ", Trainers.Select(trainer => trainer.Kind));
        var kind = reader.Required("kind", $"the trainer, one of {kinds}");
        var target = reader.Required("target", "the name of the column to predict");
        var key = reader.Word("key");
        var exclude = reader.Words("exclude");
        var seed = (long)reader.Number(SeedParameter);
        var make = Trainers.FirstOrDefault(trainer => trainer.Kind == kind).Make;
        if (make is null && kind.Length > 0)
            reader.Problem($"`kind`: `{kind}` is no trainer; known are {kinds}");
        reader.Enter(kind, [.. Trainers.Select(known => known.Kind)]);
        var trainer = make?.Invoke(reader);
        reader.Finish($"the trainer {kind}", judgeUnknown: trainer is not null);
        return new TrainingPlan(trainer!, target, key, exclude, seed);
    }

    private static YamlMappingNode Locate(string yaml, string file, string section)
    {
        if (yaml.Length > MostCharacters)
            throw new TrainingParameterException(file, [$"{yaml.Length} characters are more than a parameter file may have ({MostCharacters})"]);
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException error)
        {
            throw new TrainingParameterException($"{file}:{error.Start.Line}", [$"not valid YAML: {error.Message}"]);
        }

        var node = stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
        foreach (var step in section.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var map = node as YamlMappingNode;
            if (map is null || !map.Children.TryGetValue(new YamlScalarNode(step), out node))
                throw new TrainingParameterException(file, [$"there is no section `{section}`; at that place stand {string.Join(", ", map?.Children.Keys.Select(key => key.ToString()) ?? [])}"]);
        }

        return node as YamlMappingNode
            ?? throw new TrainingParameterException(file, [$"the section `{section}` is no mapping of parameters; it needs at least `kind` and `target`"]);
    }
}
