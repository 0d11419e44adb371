namespace Sprig.IO;

/// <summary>What is known of a line without holding it.</summary>
/// <param name="Line">Its offset in the chip.</param>
/// <param name="Name">Its name, as GPIO17; empty where the board gives none.</param>
/// <param name="Consumer">Who holds it; empty when nobody does.</param>
/// <param name="IsUsed">Whether it is held, or reserved for another function.</param>
/// <param name="IsOutput">Whether it drives.</param>
public readonly record struct GpioLineInfo(int Line, string Name, string Consumer, bool IsUsed, bool IsOutput);
