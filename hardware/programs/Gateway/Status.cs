using System.Text.Json.Serialization;

/// <summary>What clients get, a line of JSON each.</summary>
/// <param name="Time">Of the reading, or of the press.</param>
/// <param name="Co2">The newest reading, in parts per million; null while there is none.</param>
/// <param name="Presses">Of the button, since the start.</param>
internal sealed record Status(DateTimeOffset Time, int? Co2, int Presses);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Status))]
internal sealed partial class StatusContext : JsonSerializerContext;
