using System.Text.Json.Serialization;

namespace Sprig.Devices.Boards;

/// <summary>How a board's file is read, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BoardMap))]
internal sealed partial class BoardContext : JsonSerializerContext;
