using System.Text.Json.Serialization;

namespace Sprig.Cli.Demo;

/// <summary>One position of the sensor, as clients get it.</summary>
internal sealed record Reading(DateTimeOffset Time, double Latitude, double Longitude, double SpeedKnots, double? AltitudeM);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Reading))]
internal sealed partial class ReadingContext : JsonSerializerContext;
