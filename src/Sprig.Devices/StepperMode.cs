namespace Sprig.Devices;

/// <summary>Which coils of a unipolar stepper have current, one step after the other.</summary>
public enum StepperMode
{
    /// <summary>One coil and two by turns: eight steps a cycle, smooth. 4096 a turn of a 28BYJ-48.</summary>
    HalfStep,

    /// <summary>Two coils: four steps a cycle, the most torque. 2048 a turn of a 28BYJ-48.</summary>
    FullStep,

    /// <summary>One coil: four steps a cycle, the least current. 2048 a turn of a 28BYJ-48.</summary>
    WaveDrive,
}
