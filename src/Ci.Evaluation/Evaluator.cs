using System.Runtime.InteropServices;
using Ci.Onnx;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>
/// Measures a model on data. Nothing is written before everything is measured, and every file appears whole. With the same inputs
/// and seed, all but latency and machine is the same.
/// </summary>
public sealed class Evaluator(OnnxRuntime runtime, TimeProvider time)
{
    /// <summary>Evaluates and writes what the request names.</summary>
    /// <exception cref="EvaluationException">A file is missing or does not fit the model, or the model's outputs cannot be read.</exception>
    /// <exception cref="TableException">The data is no table of numbers as needed.</exception>
    public ModelEvaluation Run(EvaluationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var predictionsPath = RelativePredictions(request);
        var training = request.TrainingDataPath is { } path ? Task.Run(() => DataFile.Read(path, Full(request, path))) : null;
        var bytes = DataFile.ReadBytes(request.ModelPath, Full(request, request.ModelPath));
        var (file, session) = this.Load(bytes, request);
        using (session)
        {
            var data = DataFile.Read(request.DataPath, Full(request, request.DataPath));
            request.Split?.Check(data);
            var layout = ModelLayout.Of(session, request.ModelPath, data.Table, request.Settings);
            var scorer = new ModelScorer(session, layout, request.ModelPath);
            var predictions = Score(scorer, layout, data.Table, request);
            var evaluation = Measure(request, data, layout, predictions) with
            {
                Model = ModelFacts(request, bytes, file),
                Latency = LatencyProbe.Measure(session, data.Table.Matrix(layout.Features).AsSpan(0, layout.Features.Count), time),
                Machine = new MachineFacts(RuntimeInformation.OSDescription, RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(), Environment.ProcessorCount, $"ONNX Runtime {runtime.Version}", session.Provider),
            };
            if (request.Importance)
                evaluation = evaluation with { Series = evaluation.Series! with { Importance = new PermutationImportance(scorer, layout, request).Measure(data.Table, predictions, evaluation.Resampling!) } };
            if (training is not null)
            {
                request.Split?.Check(training.GetAwaiter().GetResult());
                evaluation = WithTraining(evaluation, training.GetAwaiter().GetResult(), data, scorer, layout, request);
            }

            return Write(request, evaluation, predictions, predictionsPath);
        }
    }

    private (OnnxModelFile File, OnnxSession Session) Load(byte[] bytes, EvaluationRequest request)
    {
        var files = ExternalFiles.Beside(FolderOfModel(request));
        try
        {
            return (OnnxModelFile.Read(bytes, files), OnnxSession.Load(runtime, bytes, files: files));
        }
        catch (OnnxException error)
        {
            throw new EvaluationException($"{request.ModelPath}: {error.Message}", error);
        }
    }

    private static Predictions Score(ModelScorer scorer, ModelLayout layout, Table table, EvaluationRequest request)
    {
        var settings = request.Settings;
        var scores = scorer.Score(table, settings.Target, request.Threads);
        var slicings = SliceFinder.Find(table, settings);
        var keys = settings.Key is { } key ? table.Texts(key) : null;
        // Blocks of neighbours need rows in the order of the key, whatever order the file has.
        var order = keys is null ? [.. Enumerable.Range(0, table.Rows)] : KeyTimes.Order(keys);
        return new Predictions
        {
            Scores = scores.Take(order),
            Rows = [.. order.Select(row => row + 1L)],
            Keys = keys is null ? null : [.. order.Select(row => keys[row])],
            Classes = layout.Classes,
            Slicings = [.. slicings.Select(s => (s.Name, order.Select(row => s.Values[row]).ToArray()))],
        };
    }

    private static ModelEvaluation Measure(EvaluationRequest request, DataFile data, ModelLayout layout, Predictions predictions)
    {
        var settings = request.Settings;
        var scores = predictions.Scores;
        var block = Math.Min(scores.Rows, settings.Block ?? (settings.Key is null ? 1 : BlockLength.ForIntervals(scores.Memories())));
        var resampling = new ResamplingFacts(settings.Seed, settings.Resamples, block, settings.Level);
        return new ModelEvaluation
        {
            Model = new EvaluatedModel { Name = "", Path = "", Sha256 = "", Bytes = 0 },
            Data = new EvaluatedData
            {
                Path = data.Path,
                Sha256 = data.Sha256,
                Rows = scores.Rows,
                Split = request.Split?.InWords() ?? settings.Split,
                From = predictions.Keys?[0],
                To = predictions.Keys?[^1],
            },
            Task = layout.Task,
            Target = settings.Target,
            Unit = settings.Unit,
            Classes = layout.Classes,
            Metrics = MetricSet.Measure(scores, settings.Unit, resampling),
            Slices = [.. predictions.Slices.Select(slice => new SliceValue(slice.Name, slice.Rows.Length, MetricSet.Measure(
                scores.Take(slice.Rows), settings.Unit, resampling with { BlockLength = slice.BlockLength(block) })))],
            Series = SeriesBuilder.Build(scores, layout.Classes, predictions.Keys, resampling),
            Resampling = resampling,
        };
    }

    private static ModelEvaluation WithTraining(
        ModelEvaluation evaluation, DataFile training, DataFile data, ModelScorer scorer, ModelLayout layout, EvaluationRequest request)
    {
        var scores = scorer.Score(training.Table, request.Settings.Target, request.Threads);
        return evaluation with
        {
            TrainingMetrics = MetricSet.Measure(scores, request.Settings.Unit, null),
            Data = evaluation.Data with
            {
                TrainingPath = training.Path,
                TrainingSha256 = training.Sha256,
                TrainingRows = training.Table.Rows,
                RowsAlsoInTraining = RowHashes.CountOf(data.Table, training.Table, layout.Features, request.Settings.Target, layout.Task == Tasks.Regression),
            },
        };
    }

    private static EvaluatedModel ModelFacts(EvaluationRequest request, byte[] bytes, OnnxModelFile file) => new()
    {
        Name = request.ModelName ?? Path.GetFileNameWithoutExtension(request.ModelPath),
        Path = DataFile.Shown(request.ModelPath),
        Sha256 = DataFile.Digest(bytes),
        Bytes = bytes.Length,
        ExternalData = file.Facts.ExternalDataPaths is { Count: > 0 } paths ? [.. paths.Order(StringComparer.Ordinal).Select(path => DataFile.Describe(path, Path.Combine(FolderOfModel(request), path)))] : null,
        Opsets = [.. file.Facts.Opsets.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key} {o.Value}")],
        IrVersion = file.Facts.IrVersion,
        Producer = file.Facts.Producer,
        Inputs = [.. file.Facts.Inputs.Select(Tensor)],
        Outputs = [.. file.Facts.Outputs.Select(Tensor)],
        Nodes = file.Facts.NodeCount,
        Parameters = file.Facts.ParameterCount,
    };

    private static TensorFacts Tensor(TensorInfo info) => new(info.Name, info.Datatype ?? "", info.Shape);

    private static ModelEvaluation Write(EvaluationRequest request, ModelEvaluation evaluation, Predictions predictions, string? predictionsPath)
    {
        byte[]? csv = null;
        if (predictionsPath is not null)
        {
            csv = PredictionsCsv.Write(predictions);
            evaluation = evaluation with { Predictions = new PredictionsFile(predictionsPath, DataFile.Digest(csv)) };
        }

        var document = evaluation.ToBytes();
        if (csv is not null)
            AtomicFile.Write(Full(request, request.PredictionsPath!), csv);
        AtomicFile.Write(Full(request, request.OutPath), document);
        if (request.MetricsPath is { } metrics)
            AtomicFile.Write(Full(request, metrics), MetricsFile.Of(evaluation));
        return evaluation;
    }

    private static string? RelativePredictions(EvaluationRequest request)
    {
        if (request.PredictionsPath is not { } path)
            return null;
        var relative = DataFile.Shown(Path.GetRelativePath(Path.GetDirectoryName(Full(request, request.OutPath))!, Full(request, path)));
        return EvaluationRules.IsConfined(relative)
            ? relative
            : throw new EvaluationException($"{path}: the predictions must lie beside {request.OutPath} or below it, for the evaluation names them relative to itself");
    }

    private static string FolderOfModel(EvaluationRequest request) => Path.GetDirectoryName(Full(request, request.ModelPath))!;

    private static string Full(EvaluationRequest request, string path) => Path.GetFullPath(path, request.Folder);
}
