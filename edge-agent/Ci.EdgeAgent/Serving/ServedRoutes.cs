namespace Ci.EdgeAgent.Serving;

/// <summary>All that the listener answers, once.</summary>
internal static class ServedRoutes
{
    public const string ModelsPrefix = "/v2/models/";
    public const string VersionsPrefix = "versions/";

    public static readonly ServedRoute Page = new("/", "GET", "page", "The status page, for people.", "text/html; charset=utf-8", null);
    public static readonly ServedRoute Status = new("/status", "GET", "status", "What the agent is doing: desired, installed, serving, in sync.", HttpReply.JsonType, "status");
    public static readonly ServedRoute Metrics = new("/metrics", "GET", "metrics", "Prometheus text.", "text/plain; version=0.0.4; charset=utf-8", null);
    public static readonly ServedRoute OpenApi = new("/openapi.json", "GET", "openapi", "This document.", HttpReply.JsonType, "object");
    public static readonly ServedRoute Server = new("/v2", "GET", "serverMetadata", "Name, version and extensions of the server.", HttpReply.JsonType, "server_metadata");
    public static readonly ServedRoute Live = new("/v2/health/live", "GET", "serverLive", "Whether the agent answers at all.", HttpReply.JsonType, "live");
    public static readonly ServedRoute Ready = new("/v2/health/ready", "GET", "serverReady", "Whether every model serves.", HttpReply.JsonType, "ready", 503);

    /// <summary>What has a path of its own.</summary>
    public static readonly IReadOnlyList<ServedRoute> Fixed = [Page, Status, Metrics, OpenApi, Server, Live, Ready];

    public static readonly ServedRoute ModelMetadata = new("", "GET", "modelMetadata", "The model's version, inputs and outputs.", HttpReply.JsonType, "model_metadata", 404, 503);
    public static readonly ServedRoute ModelReady = new("/ready", "GET", "modelReady", "Whether the model (in this version) serves.", HttpReply.JsonType, "ready", 404, 503);
    public static readonly ServedRoute Infer = new("/infer", "POST", "infer", "Runs the model.", HttpReply.JsonType, "inference_response", 400, 404, 408, 413, 415, 422, 429, 500, 503, 504);

    /// <summary>What every model has, below its own path and below each of its versions.</summary>
    public static readonly ServedRoute[] OfModel = [ModelMetadata, ModelReady, Infer];
}
