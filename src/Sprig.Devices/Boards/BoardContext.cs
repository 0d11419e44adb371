using System.Text.Json.Serialization;

namespace Sprig.Devices.Boards;

/// <summary>How a board's file is read, without reflection. What a file leaves out is null here, whatever the property begins with:
/// lists that may be left out say so in their getters.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(BoardMap))]
internal sealed partial class BoardContext : JsonSerializerContext;
